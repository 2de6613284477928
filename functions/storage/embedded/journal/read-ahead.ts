import type { Partition } from "./partition.ts"

/** Reads that ask for more are not made ahead of time. */
const MAX_READ_BYTES = 2 * 1024 * 1024

/** Answers read ahead and not taken yet, all partitions together. */
const MAX_WAITING = 8

/** Where readers are expected to go on. */
const MAX_EXPECTED = 1024

interface Waiting<T> {
  readonly partition: Partition
  readonly offset: number
  readonly maxBytes: number
  readonly answer: T
}

/**
 * A reader that catches up asks for one stretch after another. While it takes one in, the next is read and checked, so that
 * disk and network work at the same time. Each answer is given once: whoever takes it owns it.
 */
export class ReadAhead<T> {
  /** Oldest first. */
  readonly #waiting: Waiting<T>[] = []
  readonly #expected = new Set<string>()

  /** What was read ahead for exactly this request. */
  take(partition: Partition, offset: number, maxBytes: number): T | undefined {
    const at = this.#waiting.findIndex(
      (one) => one.partition === partition && one.offset === offset && one.maxBytes === maxBytes,
    )
    return at === -1 ? undefined : this.#waiting.splice(at, 1)[0]?.answer
  }

  /**
   * A stretch from `offset` to `next` is being read. Where a stretch before it ended at `offset`, the reader goes through the
   * log in order, and `read` is started for what follows.
   */
  follow(partition: Partition, offset: number, next: number, maxBytes: number, read: () => T | undefined): void {
    if (maxBytes > MAX_READ_BYTES) return
    const isInOrder = this.#expected.delete(keyOf(partition, offset))
    this.#expected.add(keyOf(partition, next))
    for (const oldest of this.#expected) {
      if (this.#expected.size <= MAX_EXPECTED) break
      this.#expected.delete(oldest)
    }
    if (!isInOrder) return
    const answer = read()
    if (answer === undefined) return
    this.#waiting.push({ partition, offset: next, maxBytes, answer })
    if (this.#waiting.length > MAX_WAITING) this.#waiting.shift()
  }
}

function keyOf(partition: Partition, offset: number): string {
  return `${partition.topic.id}/${partition.number}/${offset}`
}
