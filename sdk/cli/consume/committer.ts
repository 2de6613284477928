import type { OffsetToCommit } from "../../client/groups.ts"
import { limits } from "../../protocol/limits.ts"

/** Also a slow topic's progress is committed before long. */
const COMMIT_INTERVAL_MS = 5_000

export type CommitOffsets = (offsets: readonly OffsetToCommit[]) => Promise<unknown>

/** Commits how far the output got: after so many records, every few seconds, and when asked to. One commit at a time. */
export class Committer implements Disposable {
  readonly #commitOffsets: CommitOffsets
  readonly #every: number
  readonly #timer: NodeJS.Timeout
  /** The next offset to read of each partition that moved since the last commit. */
  #moved = new Map<string, OffsetToCommit>()
  #records = 0
  #last: Promise<void> = Promise.resolve()
  #failure: { readonly error: unknown } | undefined

  constructor(commit: CommitOffsets, every: number) {
    this.#commitOffsets = commit
    this.#every = every
    this.#timer = setInterval(() => void this.commit(), COMMIT_INTERVAL_MS)
    this.#timer.unref()
  }

  /** Takes a record that was written. A promise where a commit is due; throws where one has failed. */
  written({ topic, partition, offset }: OffsetToCommit): Promise<void> | undefined {
    this.throwFailure()
    this.#moved.set(`${topic}:${partition}`, { topic, partition, offset: offset + 1 })
    return ++this.#records % this.#every === 0 ? this.commit() : undefined
  }

  /** Commits what was written. A failure is kept for `throwFailure`. */
  commit(): Promise<void> {
    this.#last = this.#last.then(() => this.#commit())
    return this.#last
  }

  /** The partition is somebody else's: there is nothing to commit for it any more. */
  forget({ topic, partition }: { readonly topic: string; readonly partition: number }): void {
    this.#moved.delete(`${topic}:${partition}`)
  }

  throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.error
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
  }

  async #commit(): Promise<void> {
    if (this.#moved.size === 0 || this.#failure !== undefined) return
    const offsets = [...this.#moved.values()]
    this.#moved = new Map()
    try {
      for (let at = 0; at < offsets.length; at += limits.maxCommits) {
        await this.#commitOffsets(offsets.slice(at, at + limits.maxCommits))
      }
    } catch (error) {
      this.#failure = { error }
    }
  }
}
