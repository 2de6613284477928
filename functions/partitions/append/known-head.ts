/** The newest head of a partition that this process has seen, so that an append asks nobody before it writes. */
import type { PartitionRef, Unavailable, UnknownPartition } from "../../log/ports.ts"
import type { AppendDeps } from "../dependencies.ts"
import type { Head } from "../ports.ts"

export type HeadLook = { readonly kind: "head"; readonly head: Head } | UnknownPartition | Unavailable

export class KnownHead {
  /** A roll of this process is under way. */
  rolling = false
  /** What this process has in the tail, by id. */
  own: ReadonlySet<string> = new Set()
  readonly #deps: AppendDeps
  readonly #partition: PartitionRef
  #seen: { readonly head: Head; readonly at: number } | undefined

  constructor(deps: AppendDeps, partition: PartitionRef) {
    this.#deps = deps
    this.#partition = partition
  }

  /** What is known, or a new look where that is nothing or old. */
  async recent(): Promise<HeadLook> {
    const { clock, settings } = this.#deps
    if (this.#seen === undefined || Math.abs(clock.now() - this.#seen.at) > settings.maxHeadAgeMs) return this.read()
    return { kind: "head", head: this.#seen.head }
  }

  async read(): Promise<HeadLook> {
    const read = await this.#deps.index.head(this.#partition)
    if (read.kind === "unavailable") return { ...read, sideEffects: "none" }
    if (read.kind === "unknown_partition") return read
    this.learn(read.head)
    return { kind: "head", head: read.head }
  }

  /** Heads come out of order where several requests are under way: only what is newer is kept. */
  learn(head: Head): void {
    const seen = this.#seen?.head
    const isOlder = seen !== undefined && (head.generation < seen.generation || head.nextOffset < seen.nextOffset)
    if (isOlder) return
    this.#seen = { head, at: this.#deps.clock.now() }
  }

  get head(): Head | undefined {
    return this.#seen?.head
  }

  /** The topic is gone. */
  forget(): void {
    this.#seen = undefined
  }
}
