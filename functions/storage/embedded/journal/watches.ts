import type { Watch } from "../../../log/ports.ts"
import type { Partition } from "./partition.ts"

/** A reader waiting for any of its partitions to change. */
export interface WaitingReader {
  /** Wakes the reader if `partition` differs from what it saw. */
  changed(partition: Partition): void
}

/**
 * Resolves once one of the partitions differs from what was seen, or `signal` aborts. A waiting reader is an entry in
 * the sets of its partitions: it costs nothing until one of them changes, and leaves all of them when it ends.
 */
export function waitForChange(
  watches: readonly Watch[],
  partitionOf: (watch: Watch) => Partition | undefined,
  signal: AbortSignal,
): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  const seen = new Map<Partition, Watch>()
  for (const watch of watches) {
    const partition = partitionOf(watch)
    if (partition === undefined || differs(partition, watch)) return Promise.resolve()
    seen.set(partition, watch)
  }
  return new Promise((resolve) => {
    const end = (): void => {
      for (const partition of seen.keys()) partition.watches.delete(reader)
      signal.removeEventListener("abort", end)
      resolve()
    }
    const reader: WaitingReader = {
      changed: (partition) => {
        const watch = seen.get(partition)
        if (watch !== undefined && differs(partition, watch)) end()
      },
    }
    for (const partition of seen.keys()) partition.watches.add(reader)
    signal.addEventListener("abort", end)
  })
}

/** Wakes those who wait for `partition`, on the caller's turn. */
export function wake(partition: Partition): void {
  if (partition.watches.size === 0) return
  for (const reader of [...partition.watches]) reader.changed(partition)
}

function differs(partition: Partition, { seen }: Watch): boolean {
  if (partition.gone || partition.committed.nextOffset !== seen.highWatermark) return true
  return partition.logStartOffset !== seen.logStartOffset
}
