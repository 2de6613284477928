/**
 * Readers that wait: woken at once by this process's own appends, and by looking at the heads every so often for everybody
 * else's. A look costs a read unit, so that all readers of a partition share one, and the pauses between them grow.
 */
import type { PartitionRef, Watch, Watermarks } from "../log/ports.ts"
import type { MeetingDeps } from "./dependencies.ts"
import { keyOf, topicPrefix } from "./partition-key.ts"
import type { Head, PartitionIndex } from "./ports.ts"

interface LookDeps extends MeetingDeps {
  readonly index: Pick<PartitionIndex, "head">
}

export class Changes {
  readonly #deps: LookDeps
  readonly #known: (partition: PartitionRef) => Head | undefined
  readonly #lookouts = new Map<string, Lookout>()

  /** `known`: the newest head that this process has seen, if any. */
  constructor(deps: LookDeps, known: (partition: PartitionRef) => Head | undefined) {
    this.#deps = deps
    this.#known = known
  }

  /** Something was appended to the partition, or its log start moved. */
  announce(partition: PartitionRef): void {
    this.#lookouts.get(keyOf(partition))?.wakeAll()
  }

  /** The topic is gone. */
  announceTopic(topicId: string): void {
    for (const [key, lookout] of this.#lookouts) if (key.startsWith(topicPrefix(topicId))) lookout.wakeAll()
  }

  async wait(watches: readonly Watch[], signal: AbortSignal): Promise<void> {
    if (signal.aborted || watches.some((watch) => this.#hasChanged(watch))) return
    const { promise, resolve } = Promise.withResolvers<void>()
    const wake = () => resolve()
    signal.addEventListener("abort", wake)
    const posts = watches.map(({ partition, seen }) => ({
      lookout: this.#lookoutOf(partition),
      watcher: { seen, wake },
    }))
    for (const { lookout, watcher } of posts) lookout.add(watcher)
    await promise
    for (const { lookout, watcher } of posts) lookout.remove(watcher)
    signal.removeEventListener("abort", wake)
  }

  #hasChanged({ partition, seen }: Watch): boolean {
    const head = this.#known(partition)
    return head !== undefined && (head.nextOffset > seen.highWatermark || head.logStartOffset > seen.logStartOffset)
  }

  #lookoutOf(partition: PartitionRef): Lookout {
    const key = keyOf(partition)
    const found = this.#lookouts.get(key)
    if (found !== undefined) return found
    const lookout = new Lookout(this.#deps, partition, () => this.#lookouts.delete(key))
    this.#lookouts.set(key, lookout)
    return lookout
  }
}

interface Watcher {
  readonly seen: Watermarks
  readonly wake: () => void
}

/** Looks at one partition for all who wait for it. */
class Lookout {
  readonly #deps: LookDeps
  readonly #partition: PartitionRef
  readonly #watchers = new Set<Watcher>()
  readonly #ended: () => void
  #pause = new AbortController()
  /** The pause is longer than the shortest. */
  #isSlow = false
  #looking = false

  constructor(deps: LookDeps, partition: PartitionRef, ended: () => void) {
    this.#deps = deps
    this.#partition = partition
    this.#ended = ended
  }

  /**
   * Who comes has just looked for itself: the first look is due after the shortest pause, which nobody begins anew, as
   * those who come one after another would put the look off for ever.
   */
  add(watcher: Watcher): void {
    this.#watchers.add(watcher)
    if (!this.#looking) void this.#look()
    else if (this.#isSlow) this.#pause.abort()
  }

  remove(watcher: Watcher): void {
    this.#watchers.delete(watcher)
    if (this.#watchers.size === 0) this.#pause.abort()
  }

  wakeAll(): void {
    for (const { wake } of this.#watchers) wake()
  }

  async #look(): Promise<void> {
    const { timer, settings, random } = this.#deps
    this.#looking = true
    let pause = settings.firstPollMs
    while (this.#watchers.size > 0) {
      this.#pause = new AbortController()
      this.#isSlow = pause > settings.firstPollMs
      await timer.sleep(pause * (0.75 + random() / 2), this.#pause.signal)
      if (this.#pause.signal.aborted) pause = settings.firstPollMs
      else {
        await this.#wakeThoseBehind()
        pause = Math.min(pause * 1.5, settings.maxPollMs)
      }
    }
    this.#looking = false
    this.#ended()
  }

  /** An index that does not answer is no change. Where its answer makes no sense, the readers' own requests will say so. */
  async #wakeThoseBehind(): Promise<void> {
    const read = await this.#deps.index.head(this.#partition).catch(() => undefined)
    if (read === undefined || read.kind === "unknown_partition") this.wakeAll()
    if (read?.kind !== "head") return
    const { logStartOffset, nextOffset } = read.head
    for (const { seen, wake } of this.#watchers) {
      if (logStartOffset !== seen.logStartOffset || nextOffset !== seen.highWatermark) wake()
    }
  }
}
