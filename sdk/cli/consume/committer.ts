import type { Group } from "../../client/groups.ts"

/** Also a slow topic's progress is committed before long. */
const COMMIT_INTERVAL_MS = 5_000

/** Commits how far the output got: after so many records, every few seconds, and at the end. One commit at a time. */
export class Committer implements AsyncDisposable {
  readonly #group: Group
  readonly #topic: string
  readonly #every: number
  readonly #timer: NodeJS.Timeout
  /** The next offset to read of each partition that moved since the last commit. */
  #moved = new Map<number, number>()
  #records = 0
  #last: Promise<void> = Promise.resolve()
  #failure: { readonly error: unknown } | undefined

  constructor(group: Group, topic: string, every: number) {
    this.#group = group
    this.#topic = topic
    this.#every = every
    this.#timer = setInterval(() => void this.#commit(), COMMIT_INTERVAL_MS)
    this.#timer.unref()
  }

  /** Takes a record that was written. A promise where a commit is due; throws where one has failed. */
  written(partition: number, offset: number): Promise<void> | undefined {
    if (this.#failure !== undefined) throw this.#failure.error
    this.#moved.set(partition, offset + 1)
    return ++this.#records % this.#every === 0 ? this.#commit() : undefined
  }

  /** Commits what was written. */
  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer)
    await this.#commit()
    if (this.#failure !== undefined) throw this.#failure.error
  }

  #commit(): Promise<void> {
    this.#last = this.#last.then(async () => {
      if (this.#moved.size === 0 || this.#failure !== undefined) return
      const offsets = [...this.#moved].map(([partition, offset]) => ({ topic: this.#topic, partition, offset }))
      this.#moved = new Map()
      try {
        await this.#group.commit(offsets)
      } catch (error) {
        this.#failure = { error }
      }
    })
    return this.#last
  }
}
