/**
 * Readers that wait: woken at once by this process's own appends, and by looking at the heads every so often for everybody
 * else's. Looking costs a read unit each time, so that the pauses grow.
 */
import type { PartitionRef, Watch } from "../log/ports.ts"
import type { PartitionsDeps } from "./dependencies.ts"

export class Changes {
  readonly #listeners = new Map<string, Set<() => void>>()

  /** Something was appended to the partition, its log start moved, or it is gone. */
  announce(partition: PartitionRef): void {
    for (const listener of this.#listeners.get(keyOf(partition)) ?? []) listener()
  }

  announceTopic(topicId: string): void {
    for (const [key, listeners] of this.#listeners) {
      if (key.startsWith(`${topicId}/`)) for (const listener of listeners) listener()
    }
  }

  async wait(deps: PartitionsDeps, watches: readonly Watch[], signal: AbortSignal): Promise<void> {
    const ended = new AbortController()
    const end = () => ended.abort()
    const keys = watches.map(({ partition }) => keyOf(partition))
    for (const key of keys) this.#listen(key, end)
    signal.addEventListener("abort", end)
    if (signal.aborted) end()
    try {
      await poll(deps, watches, ended.signal)
    } finally {
      signal.removeEventListener("abort", end)
      for (const key of keys) this.#forget(key, end)
    }
  }

  #listen(key: string, listener: () => void): void {
    const listeners = this.#listeners.get(key) ?? new Set()
    listeners.add(listener)
    this.#listeners.set(key, listeners)
  }

  #forget(key: string, listener: () => void): void {
    const listeners = this.#listeners.get(key)
    listeners?.delete(listener)
    if (listeners?.size === 0) this.#listeners.delete(key)
  }
}

export function keyOf({ topicId, partition }: PartitionRef): string {
  return `${topicId}/${partition}`
}

async function poll(deps: PartitionsDeps, watches: readonly Watch[], signal: AbortSignal): Promise<void> {
  const { timer, settings, random } = deps
  for (let pause = settings.firstPollMs; !signal.aborted; pause = Math.min(pause * 1.5, settings.maxPollMs)) {
    const changed = await Promise.all(watches.map((watch) => hasChanged(deps, watch)))
    if (changed.includes(true)) return
    await timer.sleep(pause * (0.75 + random() / 2), signal)
  }
}

/** An index that does not answer is no change; the reader's own request will say what is wrong with it. */
async function hasChanged({ index }: PartitionsDeps, { partition, seen }: Watch): Promise<boolean> {
  const read = await index.head(partition)
  if (read.kind === "unavailable") return false
  if (read.kind === "unknown_partition") return true
  const { logStartOffset, nextOffset } = read.head
  return logStartOffset !== seen.logStartOffset || nextOffset !== seen.highWatermark
}
