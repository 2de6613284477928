/** The producer's id and epoch. */
import type { ProducerId } from "../../protocol/schemas/producers.ts"
import { ProducerFencedError, type StratalogError } from "../errors.ts"
import { parseJson, type Transport } from "../transport.ts"

export class ProducerIdentity {
  readonly #transport: Transport
  readonly #requestTimeoutMs: number
  #present: ProducerId | undefined
  /** What the next epoch is asked for on: the present one, or one that a lost answer must have given. */
  #base: ProducerId | undefined
  /** The answer of a request on `#base` was lost: the epoch may have been given out. */
  #mayBeBumped = false
  #pending: Promise<ProducerId> | undefined

  constructor(transport: Transport, requestTimeoutMs: number) {
    this.#transport = transport
    this.#requestTimeoutMs = requestTimeoutMs
  }

  isNewest(producer: ProducerId): boolean {
    return this.#present !== undefined && isSame(this.#present, producer)
  }

  /**
   * The id and epoch, newer than `lost` where that is given. One request serves all who wait. Rejects with what the
   * request failed with; the next call tries again.
   */
  async acquire(lost?: ProducerId): Promise<ProducerId> {
    const present = this.#present
    if (present !== undefined && (lost === undefined || !isSame(present, lost))) return present
    this.#pending ??= this.#request().finally(() => {
      this.#pending = undefined
    })
    return this.#pending
  }

  async #request(): Promise<ProducerId> {
    const base = this.#base
    const given = await this.#init(base ?? {})
    if (given.kind === "given") return this.#adopt(given.producer)
    const { error } = given
    if (base === undefined || !this.#mayBeBumped || !(error instanceof ProducerFencedError)) throw error
    // Nobody else knows this id, so the epoch that the lost answer named is the present one: go on from there.
    this.#mayBeBumped = false
    this.#base = { id: base.id, epoch: base.epoch + 1 }
    return this.#request()
  }

  async #init(
    body: ProducerId | Record<string, never>,
  ): Promise<{ kind: "given"; producer: ProducerId } | { kind: "failed"; error: StratalogError }> {
    const request = { method: "POST", path: "/v1/producers", json: body, answers: "id" } as const
    const before = this.#mayBeBumped
    this.#mayBeBumped = true
    const result = await this.#transport.attempt(request, this.#requestTimeoutMs)
    if (result.kind === "answered") return { kind: "given", producer: parseJson<ProducerId>(request, result.answer) }
    if (result.error.sideEffects === "none") this.#mayBeBumped = before
    return result
  }

  #adopt(producer: ProducerId): ProducerId {
    this.#mayBeBumped = false
    this.#present = producer
    this.#base = producer
    return producer
  }
}

/** Epochs only grow, and after the last one comes another id: what differs from the past is newer. */
function isSame(one: ProducerId, other: ProducerId): boolean {
  return one.id === other.id && one.epoch === other.epoch
}
