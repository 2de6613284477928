/** What an answer of records as JSON may still take, over all its partitions. */
import type { Limits } from "stratalog/protocol"

/** What a partition takes beside its records at the most, be it an error, bytes. */
const PARTITION_BYTES = 1024

export class AnswerRoom {
  /** For the records of all partitions, bytes. */
  readonly size: number
  #left: number

  /** `taken`: what the answer holds beside its partitions, bytes. */
  constructor({ maxAnswerBytes }: Pick<Limits, "maxAnswerBytes">, partitions: number, taken = 0) {
    this.size = maxAnswerBytes - partitions * PARTITION_BYTES - taken
    this.#left = this.size
  }

  get left(): number {
    return this.#left
  }

  /** What is larger than this room never has any. */
  get untouched(): boolean {
    return this.#left === this.size
  }

  take(bytes: number): void {
    this.#left -= bytes
  }
}
