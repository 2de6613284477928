/** Where records go that cannot be processed: another topic, with the reason in headers, their bytes as they were. */
import type { BatchRecord } from "../../record-batch/types.ts"
import { messageOf } from "../errors.ts"
import type { FetchContext } from "../fetch-records.ts"
import { BatchingProducer } from "../producer/producer.ts"
import { headersFromBytes, type RecordHeaders } from "../records.ts"
import { Serde } from "../serde.ts"

export interface DeadLetter {
  readonly topic: string
  readonly partition: number
  readonly record: BatchRecord
  readonly error: unknown
  readonly attempts: number
}

/** A message may quote the record, or more. */
const MAX_MESSAGE_CHARACTERS = 1_000

export class DeadLetters {
  readonly topic: string
  readonly #group: string
  readonly #producer: BatchingProducer

  constructor(context: FetchContext, topic: string, group: string) {
    const serdes = { topic, key: new Serde(topic, "key", "bytes"), value: new Serde(topic, "value", "bytes") }
    this.topic = topic
    this.#group = group
    this.#producer = new BatchingProducer(context, { lingerMs: 0 }, () => serdes)
  }

  /** Resolves when it is durable there. It goes to the partition of its key, and counts as written now: the topic's retention begins anew. */
  async send(letter: DeadLetter): Promise<void> {
    const { key, value, headers } = letter.record
    await this.#producer.send({ key, value, headers: [...headersFromBytes(headers), ...this.#reason(letter)] })
  }

  async close(): Promise<void> {
    await this.#producer.close()
  }

  #reason({ topic, partition, record, error, attempts }: DeadLetter): RecordHeaders {
    return [
      ["dlq.topic", topic.toWellFormed()],
      ["dlq.partition", String(partition)],
      ["dlq.offset", String(record.offset)],
      ["dlq.timestamp", String(record.timestamp)],
      ["dlq.group", this.#group],
      ["dlq.error", error instanceof Error ? error.name : typeof error],
      ["dlq.message", messageOf(error).slice(0, MAX_MESSAGE_CHARACTERS).toWellFormed()],
      ["dlq.attempts", String(attempts)],
    ]
  }
}
