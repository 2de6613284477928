/** `strata verify consume --group`: what a member gets, reads, commits and gives up, line by line. */
import { StratalogError } from "../../client/errors.ts"
import type { TopicPartitions } from "../../protocol/schemas/members.ts"
import type { BytesConsumer, MemberWork } from "../consume/member.ts"
import type { Session } from "../session.ts"
import { Consumed } from "./consumed.ts"
import type { EventLines } from "./event-lines.ts"
import { textOf } from "./text.ts"

type Batch = Awaited<ReturnType<ReturnType<BytesConsumer["batches"]>["next"]>>["value"] & object

export interface GroupVerificationOptions {
  readonly maxMessages: number
  readonly verbose: boolean
}

export class GroupVerification implements MemberWork {
  readonly #session: Session
  readonly #consumer: BytesConsumer
  readonly #said: EventLines
  readonly #options: GroupVerificationOptions

  constructor(session: Session, consumer: BytesConsumer, said: EventLines, options: GroupVerificationOptions) {
    this.#session = session
    this.#consumer = consumer
    this.#said = said
    this.#options = options
  }

  async read(): Promise<void> {
    let count = 0
    for await (const batch of this.#consumer.batches()) {
      await this.#tell(batch)
      this.#session.out.closed.throwIfAborted()
      await this.#commit(batch)
      count += batch.records.length
      if (count >= this.#options.maxMessages) break
    }
  }

  async assigned(partitions: readonly TopicPartitions[]): Promise<void> {
    await this.#said("partitions_assigned", { partitions: oneByOne(partitions) })
  }

  async revoked(partitions: readonly TopicPartitions[], lost: boolean): Promise<void> {
    await this.#said("partitions_revoked", { partitions: oneByOne(partitions), ...(lost ? { lost } : {}) })
  }

  async #tell({ topic, partition, records }: Batch): Promise<void> {
    const consumed = new Consumed()
    for (const { offset, key, value } of records) {
      consumed.add({ topic, partition, offset })
      if (!this.#options.verbose) continue
      await this.#said("record_data", { topic, partition, offset, key: textOf(key), value: textOf(value) })
    }
    await this.#said("records_consumed", consumed.take())
  }

  /** One that is refused is told; the member goes on, and the records come again to whoever has the partition. */
  async #commit(batch: Batch): Promise<void> {
    const { topic, partition, nextOffset: offset } = batch
    const offsets = [{ topic, partition, offset }]
    try {
      await batch.commit()
      await this.#said("offsets_committed", { offsets, success: true })
    } catch (error) {
      if (!(error instanceof StratalogError)) throw error
      await this.#said("offsets_committed", { offsets, success: false, error: error.code })
    }
  }
}

function oneByOne(partitions: readonly TopicPartitions[]) {
  return partitions.flatMap(({ topic, partitions: numbers }) => numbers.map((partition) => ({ topic, partition })))
}
