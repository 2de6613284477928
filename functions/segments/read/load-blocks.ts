/** Blocks of a segment, from memory or by as few requests as they take, every batch checked. */
import type { StoredBatch, Unavailable } from "../../log/ports.ts"
import type { SegmentDependencies } from "../dependencies.ts"
import type { Segment } from "../ports.ts"
import type { Block } from "../segment/blocks.ts"
import { parseBatches } from "../segment/parse-batches.ts"
import { groupBlocks } from "./decide.ts"
import { blockKey, type LoadedBlock } from "./segment-memory.ts"

type Dependencies = Pick<SegmentDependencies, "objects" | "crc32c" | "memory">
type Loading = LoadedBlock | Unavailable

/** The batches of all blocks, or the first failure among them. */
export async function loadBlocks(
  deps: Dependencies,
  segment: Segment,
  blocks: readonly Block[],
): Promise<LoadedBlock | Unavailable> {
  const { memory } = deps
  const loading = new Map<Block, Promise<Loading> | readonly StoredBatch[]>()
  const missing: Block[] = []
  for (const block of blocks) {
    const key = blockKey(segment, block)
    const known = memory.blocks.get(key) ?? memory.inFlight.get(key)
    if (known === undefined) missing.push(block)
    else loading.set(block, known)
  }
  for (const group of groupBlocks(missing)) {
    const fetching = fetchGroup(deps, segment, group)
    group.forEach((block, index) => {
      loading.set(block, shareWhile(memory.inFlight, blockKey(segment, block), pick(fetching, index)))
    })
  }
  return allOf(blocks.map((block) => loading.get(block) ?? []))
}

async function allOf(loading: readonly (Promise<Loading> | readonly StoredBatch[])[]): Promise<Loading> {
  const batches: StoredBatch[] = []
  const loaded = await Promise.all(loading)
  for (const block of loaded) {
    if (!("kind" in block)) batches.push(...block)
    else if (block.kind === "batches") batches.push(...block.batches)
    else return block
  }
  return { kind: "batches", batches }
}

function shareWhile(inFlight: Map<string, Promise<Loading>>, key: string, loading: Promise<Loading>): Promise<Loading> {
  const shared = loading.finally(() => inFlight.delete(key))
  inFlight.set(key, shared)
  return shared
}

async function pick(fetching: Promise<readonly Loading[]>, index: number): Promise<Loading> {
  return (await fetching)[index] ?? { kind: "object_missing" }
}

async function fetchGroup(
  { objects, crc32c, memory }: Dependencies,
  segment: Segment,
  group: readonly Block[],
): Promise<readonly Loading[]> {
  const start = group[0]?.start ?? 0
  const end = group.at(-1)?.end ?? 0
  const outcome = await objects.get(segment.objectKey, { start, end })
  if (outcome.kind === "unavailable") return group.map(() => outcome)
  if (outcome.kind === "missing") return group.map(() => ({ kind: "object_missing" }))
  return group.map((block) => {
    const own = outcome.bytes.subarray(block.start - start, block.end - start)
    const loaded = readBlock(segment, block, own, crc32c)
    if (loaded.kind === "batches") memory.blocks.set(blockKey(segment, block), loaded.batches, own.length)
    return loaded
  })
}

function readBlock(
  segment: Segment,
  block: Block,
  bytes: Uint8Array,
  crc32c: SegmentDependencies["crc32c"],
): LoadedBlock {
  const dense = segment.compactedTo === 0
  if (bytes.length < block.end - block.start) {
    return corrupt(segment, block.start + bytes.length, `the object ends here, ${segment.bytes} bytes were written`)
  }
  const { offset, endOffset, isLast } = block
  const parsed = parseBatches(bytes, { firstOffset: offset, endOffset, reachesEnd: dense || isLast, dense }, crc32c)
  return parsed.kind === "bad" ? corrupt(segment, block.start + parsed.position, parsed.detail) : parsed
}

export function corrupt(
  { objectKey }: Pick<Segment, "objectKey">,
  position: number,
  detail: string,
): Extract<LoadedBlock, { kind: "corrupt" }> {
  return { kind: "corrupt", where: `object ${objectKey} at byte ${position}`, detail }
}
