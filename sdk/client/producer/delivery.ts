/** Sends one batch until the log has taken it, or it has to be given up. */
import type { Produced } from "../../protocol/schemas/produced.ts"
import type { BatchCodecs } from "../../record-batch/types.ts"
import { invalidArgument, NotAuthorizedError, ProducerFencedError, StratalogError } from "../errors.ts"
import { asDeniedWrite, asOutcomeUnknown } from "../problem-error.ts"
import { retryPause } from "../retry-policy.ts"
import type { Transport } from "../transport.ts"
import { encodeRecords, type FailedAppend, sendBatch } from "./append.ts"
import type { PendingRecord } from "./batch.ts"
import { type DeliveryDecision, decideDelivery, deliveryTimeout } from "./delivery-decision.ts"
import type { ProducerIdentity } from "./identity.ts"
import type { ProducerSettings } from "./options.ts"
import type { PartitionQueue, SequencePosition } from "./partition-queue.ts"
import { addToSequence } from "./sequence.ts"
import type { Slots } from "./slots.ts"

export interface DeliveryContext {
  readonly transport: Transport
  readonly codecs: BatchCodecs
  readonly settings: ProducerSettings
  /** Absent: not idempotent. */
  readonly identity: ProducerIdentity | undefined
  readonly slots: Slots
  /** Why nothing can be sent any more: another producer took the id over. */
  fenced: StratalogError | undefined
  acknowledge(queue: PartitionQueue, records: readonly PendingRecord[], produced: Produced): void
  fail(queue: PartitionQueue, records: readonly PendingRecord[], error: StratalogError): void
}

/** The batch as it is sent, under its place in the producer's sequence. */
interface Bound {
  readonly position: SequencePosition | undefined
  readonly bytes: Uint8Array
}

const NOTHING = new Uint8Array(0)

export class Delivery {
  readonly #context: DeliveryContext
  readonly #queue: PartitionQueue
  readonly #records: readonly PendingRecord[]
  readonly #deadline: number
  #bound: Bound | undefined
  /** An attempt under the present bound may have arrived, or may yet. */
  #afterUnknown = false
  #attempts = 0
  #lastError: StratalogError | undefined

  constructor(context: DeliveryContext, queue: PartitionQueue, records: readonly PendingRecord[]) {
    this.#context = context
    this.#queue = queue
    this.#records = records
    this.#deadline = records[0]?.deadline ?? 0
  }

  /**
   * Never rejects: each record is acknowledged or fails. Called with a slot, and returns with one; a pause gives it to
   * others.
   */
  async run(): Promise<void> {
    for (;;) {
      if (this.#context.fenced !== undefined) return this.#giveUp(this.#context.fenced)
      if (this.#remaining() <= 0) return this.#giveUp(this.#timeout())
      const ready = this.#bound === undefined ? await this.#bind() : true
      if (ready === "over") return
      if (ready === "again") continue
      this.#attempts++
      const bytes = this.#bound?.bytes ?? NOTHING
      const timeoutMs = Math.min(this.#context.settings.requestTimeoutMs, Math.max(1, this.#remaining()))
      const sent = await sendBatch(this.#context.transport, this.#queue, bytes, this.#records.length, timeoutMs)
      if (sent.kind === "appended") return this.#succeed(sent.produced)
      if ((await this.#afterFailure(sent)) === "over") return
    }
  }

  /** Gives the batch its place in the sequence. No attempt of it is out, so failing here loses nothing. */
  async #bind(): Promise<true | "again" | "over"> {
    const { identity, transport, settings } = this.#context
    try {
      const position = identity === undefined ? undefined : await this.#position(identity)
      this.#bound = { position, bytes: await encodeRecords(this.#context, this.#records, position) }
      return true
    } catch (thrown) {
      if (!(thrown instanceof StratalogError)) {
        this.#fail(invalidArgument(`The batch cannot be encoded: ${String(thrown)}`))
        return "over"
      }
      const error = thrown instanceof NotAuthorizedError ? asDeniedWrite(thrown, this.#queue.topic) : thrown
      this.#lastError = error
      this.#attempts++
      const pause = retryPause(this.#attempts, backoff(settings), transport.clock.random())
      // Without its id the producer cannot shut a lost attempt out.
      if (error instanceof ProducerFencedError || error.code === "producer_not_found") this.#context.fenced = error
      else if ((error.retryable || error.sideEffects === "unknown") && this.#canRetry(pause)) {
        await this.#pause(pause)
        return "again"
      }
      this.#fail(this.#context.fenced ?? (error.sideEffects === "none" ? error : this.#timeout()))
      return "over"
    }
  }

  async #position(identity: ProducerIdentity): Promise<SequencePosition> {
    const queue = this.#queue
    const producer = await identity.acquire(queue.lost)
    queue.lost = undefined
    const { sequence } = queue
    // Another partition's recovery may have brought a newer epoch. All batches of this one are accounted for.
    return sequence !== undefined && identity.isNewest(sequence.producer) ? sequence : { producer, next: 0 }
  }

  async #afterFailure({ error, retryAfterMs }: FailedAppend): Promise<"again" | "over"> {
    const { identity, transport, settings } = this.#context
    this.#lastError = error
    const position = this.#bound?.position
    const pause = retryPause(this.#attempts, backoff(settings), transport.clock.random(), retryAfterMs)
    const decision = decideDelivery({
      error,
      idempotent: identity !== undefined,
      afterUnknown: this.#afterUnknown,
      canRetry: this.#canRetry(pause),
      recordCount: this.#records.length,
      epochIsNewest: position === undefined || (identity?.isNewest(position.producer) ?? true),
    })
    return this.#act(decision, pause)
  }

  async #act(decision: DeliveryDecision, pause: number): Promise<"again" | "over"> {
    switch (decision.kind) {
      case "retry":
        this.#afterUnknown = decision.afterUnknown
        await this.#pause(pause)
        return "again"
      case "rebind":
        if (decision.newEpoch) this.#queue.lost = this.#bound?.position?.producer
        this.#bound = undefined
        await this.#pause(pause)
        return "again"
      case "split":
        await this.#split()
        return "over"
      case "fenced":
        this.#context.fenced = decision.error
        this.#fail(decision.error)
        return "over"
      case "fail":
        if (decision.sequence === "lost") this.#loseSequence()
        this.#fail(decision.error)
        return "over"
    }
  }

  async #split(): Promise<void> {
    const middle = this.#records.length >> 1
    await new Delivery(this.#context, this.#queue, this.#records.slice(0, middle)).run()
    await new Delivery(this.#context, this.#queue, this.#records.slice(middle)).run()
  }

  #succeed(produced: Produced): void {
    const position = this.#bound?.position
    if (position !== undefined) {
      this.#queue.sequence = { ...position, next: addToSequence(position.next, this.#records.length) }
    }
    this.#context.acknowledge(this.#queue, this.#records, produced)
  }

  /** Ends the batch for a reason that is not its own. */
  #giveUp(error: StratalogError): void {
    if (this.#afterUnknown) this.#loseSequence()
    this.#fail(this.#afterUnknown ? asOutcomeUnknown(error) : error)
  }

  #loseSequence(): void {
    this.#queue.lost = this.#bound?.position?.producer
  }

  #fail(error: StratalogError): void {
    this.#context.fail(this.#queue, this.#records, error)
  }

  #remaining(): number {
    return this.#deadline - this.#context.transport.clock.now()
  }

  #canRetry(pause: number): boolean {
    return this.#attempts <= this.#context.settings.retries && pause < this.#remaining()
  }

  #timeout(): StratalogError {
    return deliveryTimeout(this.#context.settings.deliveryTimeoutMs, this.#lastError)
  }

  async #pause(ms: number): Promise<void> {
    const { slots, transport } = this.#context
    slots.release()
    await transport.clock.sleep(ms)
    await slots.take()
  }
}

function backoff({ retryBackoffMs, retryBackoffMaxMs }: ProducerSettings) {
  return { baseMs: retryBackoffMs, maxMs: retryBackoffMaxMs }
}
