import type { Topic } from "stratalog"

/**
 * A snapshot of a compacted topic as it is now: of each key the last value. Compaction may not have run yet: what it will
 * remove is overwritten on the way. A tombstone (null) deletes its key.
 */
export async function latestByKey<K, V>(topic: Pick<Topic<K, V>, "read">): Promise<Map<K, NonNullable<V>>> {
  const latest = new Map<K, NonNullable<V>>()
  for await (const { key, value } of topic.read()) {
    if (value === null || value === undefined) latest.delete(key)
    else latest.set(key, value)
  }
  return latest
}
