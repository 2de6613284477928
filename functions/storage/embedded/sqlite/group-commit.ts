/**
 * Group commit: the writes of all requests that one turn of the event loop served share a transaction, and so one sync
 * of the disk. node:sqlite blocks the event loop for as long as a sync takes: with 1,000 clients and a transaction each,
 * everything else waits for hundreds of milliseconds (test/bench/group-commit.ts).
 */
import type { DatabaseSync } from "node:sqlite"
import type { Unavailable } from "../../../log/ports.ts"
import { CLOSING } from "./failures.ts"
import { transact } from "./transaction.ts"

/** A write that waits, with the three ways to settle its promise. */
interface Write {
  readonly perform: () => void
  readonly committed: () => void
  readonly unavailable: (reason: Unavailable) => void
  readonly failed: (error: unknown) => void
}

export class GroupCommit {
  readonly #database: DatabaseSync
  #waiting: Write[] = []
  #closed = false

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  /**
   * Performs `write` (synchronous, after all that were asked for before it) and resolves when it is durable. A write that
   * refuses must not have written: the others of the transaction are committed with it.
   */
  run<T>(write: () => T): Promise<T | Unavailable> {
    if (this.#closed) return Promise.resolve(CLOSING)
    return new Promise((resolve, reject) => {
      let result: T
      const perform = () => {
        result = write()
      }
      // After the sockets that are ready were read: a microtask would come before the next request is even parsed.
      if (this.#waiting.length === 0) setImmediate(() => this.flush())
      this.#waiting.push({ perform, committed: () => resolve(result), unavailable: resolve, failed: reject })
    })
  }

  /** Commits what waits, now. */
  flush(): void {
    const writes = this.#waiting
    this.#waiting = []
    if (writes.length > 0) this.#commit(writes)
  }

  close(): void {
    this.flush()
    this.#closed = true
  }

  #commit(writes: readonly Write[]): void {
    try {
      const outcome = transact(this.#database, () => {
        for (const write of writes) write.perform()
      })
      for (const write of writes) outcome === undefined ? write.committed() : write.unavailable(outcome)
    } catch (error) {
      // One of them is at fault; each by itself, so that it fails alone.
      if (writes.length === 1) writes[0]?.failed(error)
      else for (const write of writes) this.#commit([write])
    }
  }
}
