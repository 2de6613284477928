/** A whole segment, to be written anew: its object checked as a whole and batch by batch. */
import type { PartitionRef, StoredBatch } from "../../log/ports.ts"
import type { UpkeepDependencies } from "../dependencies.ts"
import type { UpkeepFailure } from "../failures.ts"
import type { Segment } from "../ports.ts"
import { parseBatches } from "../segment/parse-batches.ts"
import { corrupt } from "./load-blocks.ts"

export type WholeSegment = { readonly kind: "batches"; readonly batches: readonly StoredBatch[] } | UpkeepFailure

type Dependencies = Pick<UpkeepDependencies, "objects" | "index" | "codecs">

export async function readWhole(deps: Dependencies, partition: PartitionRef, segment: Segment): Promise<WholeSegment> {
  const outcome = await deps.objects.get(segment.objectKey)
  if (outcome.kind === "unavailable") return outcome
  if (outcome.kind === "missing") return explainMissing(deps, partition, segment)
  const { bytes } = outcome
  if (bytes.length !== segment.bytes) {
    return corrupt(
      segment,
      Math.min(bytes.length, segment.bytes),
      `the object has ${bytes.length} bytes, ${segment.bytes} were written`,
    )
  }
  const { points, baseOffset, endOffset, compactedTo } = segment
  const expected = {
    firstOffset: points[0]?.offset ?? baseOffset,
    endOffset,
    reachesEnd: true,
    dense: compactedTo === 0,
  }
  const parsed = parseBatches(bytes, expected, deps.codecs.crc32c)
  if (parsed.kind === "bad") return corrupt(segment, parsed.position, parsed.detail)
  const crc32c = deps.codecs.crc32c(bytes)
  if (crc32c === segment.crc32c) return parsed
  return corrupt(segment, 0, `the object's CRC-32C is ${crc32c}, ${segment.crc32c} was written`)
}

async function explainMissing(
  { index }: Dependencies,
  partition: PartitionRef,
  segment: Segment,
): Promise<UpkeepFailure> {
  const found = await index.find(partition, segment.baseOffset)
  if (found.kind === "unavailable") return found
  const same = found.kind === "segment" && found.segment.objectKey === segment.objectKey
  if (same) return corrupt(segment, 0, "the object is missing, though the index names it")
  return { kind: "overtaken", detail: `the segment at offset ${segment.baseOffset} was replaced meanwhile` }
}
