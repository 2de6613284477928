/** A log of many small entries, made without appending each of them: segments and pages as the protocol would have left them. */
import { randomUUID } from "node:crypto"
import { patchBaseOffset, portableCrc32c } from "stratalog/record-batch"
import type { PartitionRef } from "../../../../functions/log/ports.ts"
import type { Entry } from "../../../../functions/partitions/ports.ts"
import { buildSegment } from "../../../../functions/segments/segment/build.ts"
import { segmentKey } from "../../../../functions/segments/segment/object-key.ts"
import { entryOf } from "../appends.ts"
import type { Instance, Stage } from "../stage.ts"

export interface LargeLog {
  readonly partition: PartitionRef
  /** From 0 to here in segments, from here to `tailBase` in pages, the last entry in the tail. */
  readonly tieredTo: number
  readonly tailBase: number
}

const SEGMENT_ENTRIES = 200_000
const PAGE_ENTRIES = 7
/** At once, while pages are written. */
const WRITERS = 16
const template = entryOf({ records: 1, recordBytes: 100 }, Date.now())

/** `inPages` entries stay in pages; entries have one record of 100 bytes each. */
export async function largeLog(stage: Stage, entries: number, inPages: number): Promise<LargeLog> {
  const partition = await stage.newPartition()
  const instance = stage.open()
  const tailBase = entries - 1
  const tieredTo = tailBase - Math.floor(inPages / PAGE_ENTRIES) * PAGE_ENTRIES
  for (let base = 0; base < tieredTo; base += SEGMENT_ENTRIES) {
    await putSegment(stage, partition, base, Math.min(tieredTo, base + SEGMENT_ENTRIES))
  }
  const bases = Array.from(
    { length: (tailBase - tieredTo) / PAGE_ENTRIES },
    (_, page) => tieredTo + page * PAGE_ENTRIES,
  )
  await Promise.all(
    Array.from({ length: WRITERS }, async (_, writer) => {
      for (let at = writer; at < bases.length; at += WRITERS) await putPage(instance, partition, bases[at] ?? 0)
    }),
  )
  await setHead(instance, partition, { partition, tieredTo, tailBase })
  return { partition, tieredTo, tailBase }
}

/** The number of the segment that an offset is in. */
export function segmentOf(offset: number): number {
  return Math.floor(offset / SEGMENT_ENTRIES)
}

async function putSegment(stage: Stage, partition: PartitionRef, baseOffset: number, endOffset: number): Promise<void> {
  const batches = Array.from({ length: endOffset - baseOffset }, (_, at) => {
    const bytes = template.batch.slice()
    patchBaseOffset(bytes, baseOffset + at)
    return { baseOffset: baseOffset + at, recordCount: 1, maxTimestamp: template.maxTimestamp, bytes }
  })
  const objectKey = segmentKey(partition, baseOffset, randomUUID())
  const place = { baseOffset, endOffset, objectKey, createdAt: Date.now(), compactedTo: 0, version: 1 }
  const { segment, parts } = buildSegment(batches, place, portableCrc32c)
  succeeded(await stage.objects.put(objectKey, parts))
  succeeded(await stage.segments.put(partition, segment))
}

async function putPage({ deps }: Instance, partition: PartitionRef, baseOffset: number): Promise<void> {
  const entries = Array.from({ length: PAGE_ENTRIES }, () => inlineEntry(deps.ids.entry()))
  const endOffset = baseOffset + PAGE_ENTRIES
  succeeded(await deps.index.putPage(partition, { baseOffset, endOffset, entries, storedAt: Date.now() }))
}

function inlineEntry(id: string): Entry {
  const { batch, maxTimestamp } = template
  const placement = { kind: "inline", batches: batch } as const
  return { id, recordCount: 1, bytes: batch.length, maxTimestamp, sequences: [], placement }
}

/** One entry stands for all that lies in segments and pages; the last one then takes its place. */
async function setHead({ deps }: Instance, partition: PartitionRef, { tailBase, tieredTo }: LargeLog): Promise<void> {
  const { index, ids } = deps
  const nothing = { producers: [], evict: [] }
  const all: Entry = {
    ...inlineEntry(ids.entry()),
    recordCount: tailBase,
    placement: { kind: "item", key: ids.placement() },
  }
  succeeded(
    await index.commit(partition, {
      ...nothing,
      generation: { exactly: 0 },
      entry: all,
      tail: { kind: "append", limit: 1024 },
    }),
  )
  succeeded(
    await index.commit(partition, {
      ...nothing,
      generation: { exactly: 0 },
      nextGeneration: 1,
      nextOffset: tailBase,
      entry: inlineEntry(ids.entry()),
      tail: { kind: "replace" },
    }),
  )
  if (tieredTo > 0) succeeded(await index.change(partition, { kind: "tiered_to", from: 0, to: tieredTo }))
}

function succeeded(outcome: { readonly kind: string }): void {
  if (!["stored", "put", "done", "committed"].includes(outcome.kind)) throw new Error(JSON.stringify(outcome))
}
