/** What the index says of one partition: the objects it refers to, and what it should say and does not. */
import type { PartitionRef, Unavailable, UnknownPartition } from "../log/ports.ts"
import { endOf, type PlacedEntry, tailEntries, withOffsets } from "../partitions/head.ts"
import { objectKey } from "../partitions/place/place.ts"
import { type Head, type Page, type ReadIndex, tailBase } from "../partitions/ports.ts"
import { listSegments } from "../segments/list-segments.ts"
import { coveredSegments } from "../segments/merge/decide.ts"
import type { Segment, SegmentIndex } from "../segments/ports.ts"
import { gapsIn, type Span, spanOf } from "./decide.ts"
import type { Loss, NamedObject } from "./ports.ts"

export interface Index {
  readonly index: ReadIndex
  readonly segments: Pick<SegmentIndex, "list">
}

export interface IndexedPartition {
  readonly kind: "indexed"
  /** By key, each once. */
  readonly objects: readonly NamedObject[]
  readonly losses: readonly Loss[]
}

const PAGE_BYTES = 1024 * 1024

/** What lies wholly below the log start is left out: nobody reads it. */
export async function readIndex(
  { index, segments }: Index,
  partition: PartitionRef,
): Promise<IndexedPartition | UnknownPartition | Unavailable> {
  const read = await index.head(partition)
  if (read.kind !== "head") return read
  const { head } = read
  const listed = await listSegments(segments, partition, 0, Number.POSITIVE_INFINITY)
  if (!Array.isArray(listed)) return listed
  const pages = await pagesOf(index, partition, head)
  if (!Array.isArray(pages)) return pages
  const entries = [...pages.flatMap((page) => withOffsets(page.entries, page.baseOffset)), ...tailEntries(head)].filter(
    (placed) => endOf(placed) > head.logStartOffset,
  )
  const missing = await missingItems(index, partition, entries)
  if (!Array.isArray(missing)) return missing
  const gaps = gapsOf(head, listed, pages).map((gap) => ({
    ...gap,
    detail: "no segment or page of the table holds these offsets",
  }))
  const losses = [...gaps, ...missing].map((loss) => ({ partition, what: "index" as const, ...loss }))
  return { kind: "indexed", objects: objectsOf(partition, head, listed, entries), losses }
}

async function pagesOf(
  index: Pick<ReadIndex, "pagesAfter">,
  partition: PartitionRef,
  head: Head,
): Promise<Page[] | Unavailable> {
  const pages: Page[] = []
  for (let offset = Math.max(head.tieredTo, head.logStartOffset); ; ) {
    const read = await index.pagesAfter(partition, offset, PAGE_BYTES)
    if (read.kind === "unavailable") return read
    pages.push(...read.pages)
    const last = read.pages.at(-1)
    if (!read.more || last === undefined) return pages
    offset = last.endOffset
  }
}

function gapsOf(head: Head, segments: readonly Segment[], pages: readonly Page[]): readonly Span[] {
  const { logStartOffset, tieredTo } = head
  return [
    ...gapsIn({ from: logStartOffset, to: tieredTo }, segments.map(spanOf)),
    ...gapsIn({ from: Math.max(logStartOffset, tieredTo), to: tailBase(head) }, pages.map(spanOf)),
  ]
}

async function missingItems(
  index: Pick<ReadIndex, "items">,
  partition: PartitionRef,
  entries: readonly PlacedEntry[],
): Promise<(Span & { readonly detail: string })[] | Unavailable> {
  const placed = entries.flatMap((each) => {
    const { placement } = each.entry
    return placement.kind === "item" ? [{ key: placement.key, from: each.baseOffset, to: endOf(each) }] : []
  })
  const missing: (Span & { readonly detail: string })[] = []
  for (let at = 0; at < placed.length; at += ITEMS_A_READ) {
    const some = placed.slice(at, at + ITEMS_A_READ)
    const read = await index.items(
      partition,
      some.map(({ key }) => key),
    )
    if (read.kind === "unavailable") return read
    for (const [place, { key, from, to }] of some.entries()) {
      if (read.items[place] === undefined) missing.push({ from, to, detail: `the table has no item ${key}` })
    }
  }
  return missing
}

/** Of up to 400 KB each. */
const ITEMS_A_READ = 25

function objectsOf(
  partition: PartitionRef,
  head: Head,
  segments: readonly Segment[],
  entries: readonly PlacedEntry[],
): readonly NamedObject[] {
  const covered = new Set(coveredSegments(segments))
  const named = new Map<string, NamedObject>()
  for (const segment of segments) {
    const { objectKey: key, bytes, crc32c, endOffset } = segment
    if (endOffset <= head.logStartOffset) continue
    named.set(key, { key, bytes, crc32c, ...spanOf(segment), isCovered: covered.has(segment) })
  }
  for (const placed of entries) {
    const { placement, bytes } = placed.entry
    if (placement.kind !== "object") continue
    const key = objectKey(partition, placement.key)
    named.set(key, { key, bytes, from: placed.baseOffset, to: endOf(placed), isCovered: false })
  }
  return [...named.values()]
}
