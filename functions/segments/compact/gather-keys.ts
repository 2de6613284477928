/** The first half of a pass: the last offset of each key in the part that was not compacted yet. */
import type { PartitionRef } from "../../log/ports.ts"
import type { UpkeepDependencies } from "../dependencies.ts"
import type { UpkeepFailure } from "../failures.ts"
import type { Segment } from "../ports.ts"
import { readWhole } from "../read/read-whole.ts"
import type { CompactionRange } from "./decide.ts"
import { KeyOffsets } from "./key-offsets.ts"
import { recordsOf } from "./records-of.ts"

export type GatheredKeys =
  /** Of the offsets from the range's beginning to before `to`, which is less than the range's where the keys are too many. */
  { readonly kind: "keys"; readonly keys: KeyOffsets; readonly to: number } | UpkeepFailure

type Dependencies = Pick<UpkeepDependencies, "objects" | "index" | "codecs" | "settings" | "keyHash">

export async function gatherKeys(
  deps: Dependencies,
  partition: PartitionRef,
  { segments, from, to }: CompactionRange,
): Promise<GatheredKeys> {
  const keys = new KeyOffsets(deps.settings.compactionKeys)
  for (const segment of segments) {
    if (segment.endOffset <= from || segment.baseOffset >= to) continue
    const stopped = await gatherFrom(deps, partition, segment, { keys, from, to })
    if (typeof stopped === "number") return { kind: "keys", keys, to: stopped }
    if (stopped !== undefined) return stopped
  }
  return { kind: "keys", keys, to }
}

/** The offset of the first record whose key found no room, if there is one. */
async function gatherFrom(
  deps: Dependencies,
  partition: PartitionRef,
  segment: Segment,
  { keys, from, to }: { readonly keys: KeyOffsets; readonly from: number; readonly to: number },
): Promise<number | UpkeepFailure | undefined> {
  const whole = await readWhole(deps, partition, segment)
  if (whole.kind !== "batches") return whole
  for (const batch of whole.batches) {
    if (batch.baseOffset + batch.recordCount <= from || batch.baseOffset >= to) continue
    const records = await recordsOf(deps, segment, batch)
    if ("kind" in records) return records
    for (const { key, offset } of records) {
      if (key === null || offset < from || offset >= to) continue
      if (!keys.put(deps.keyHash(key), offset)) return offset
    }
  }
  return undefined
}
