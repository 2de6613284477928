/** The embedded log with segments, in a temporary folder; its objects are in memory and outlive a restart. */
import { join } from "node:path"
import { portableCrc32c } from "stratalog/record-batch"
import type { PartitionRef } from "../../functions/log/ports.ts"
import type { RecentLog, Segment } from "../../functions/segments/ports.ts"
import { SegmentMemory } from "../../functions/segments/read/segment-memory.ts"
import { buildSegment } from "../../functions/segments/segment/build.ts"
import { segmentKey } from "../../functions/segments/segment/object-key.ts"
import type { JournalLog, JournalOptions } from "../../functions/storage/embedded/journal/index.ts"
import { openSqliteStores, type SqliteStores } from "../../functions/storage/embedded/sqlite/index.ts"
import { Boundaries } from "../../functions/storage/embedded/tiering/boundaries.ts"
import { createJournalRecentLog } from "../../functions/storage/embedded/tiering/recent-log.ts"
import { removeSegments } from "../../functions/storage/embedded/tiering/remove-segments.ts"
import { StorageTimes } from "../../functions/storage/embedded/tiering/storage-times.ts"
import { TieredLog } from "../../functions/storage/embedded/tiering/tiered-log.ts"
import { MemoryObjectStore } from "./memory-object-store.ts"
import { type TemporaryJournal, temporaryJournal } from "./temporary-journal.ts"

interface Parts {
  readonly journal: JournalLog
  readonly stores: SqliteStores
  readonly log: TieredLog
  readonly recent: RecentLog
  readonly boundaries: Boundaries
}

export class TemporaryTieredLog {
  readonly directory: TemporaryJournal = temporaryJournal()
  readonly objects = new MemoryObjectStore()
  readonly #options: Partial<JournalOptions>
  #open: Parts | undefined
  #made = 0

  constructor(options: Partial<JournalOptions> = {}) {
    this.#options = options
  }

  async open(options: Partial<JournalOptions> = {}): Promise<TieredLog> {
    const journal = await this.directory.open({ ...this.#options, ...options })
    const stores = openSqliteStores({ path: join(this.directory.directory, "stratalog.db") })
    const boundaries = new Boundaries({ journal, store: stores.tiered })
    await boundaries.restore()
    const { objects } = this
    const memory = new SegmentMemory({ segments: 10_000, blocks: 10_000 })
    const log = new TieredLog({
      journal,
      boundaries,
      segments: { objects, index: stores.segments, crc32c: portableCrc32c, memory },
      removeSegments: (topicId) => removeSegments(objects, stores.tiered, topicId),
    })
    const recent = createJournalRecentLog({
      journal,
      boundaries,
      times: new StorageTimes({ now: () => 1_763_600_000_000 }),
      leavesTo: ({ committed }) => committed.nextOffset,
    })
    this.#open = { journal, stores, log, recent, boundaries }
    return log
  }

  get parts(): Parts {
    if (this.#open === undefined) throw new Error("the log is not open")
    return this.#open
  }

  /** Moves what there is of the partition into segments; several at once adopt each other's. */
  async tier(ref: PartitionRef): Promise<void> {
    const { recent, stores } = this.parts
    const found = await recent.state(ref)
    if (found.kind !== "state") return
    const from = found.state.tieredTo
    const listed = await recent.stretches(ref, from, 1_000)
    if (listed.kind !== "stretches") throw new Error(listed.kind)
    const to = listed.stretches.at(-1)?.endOffset
    const read = to === undefined ? undefined : await recent.read(ref, from, to, 2 ** 30)
    if (to !== undefined && read?.kind === "batches") {
      const objectKey = segmentKey(ref, from, `${this.#made++}`)
      const place = { baseOffset: from, endOffset: to, objectKey, createdAt: 1, compactedTo: 0, version: 1 }
      const { segment, parts } = buildSegment(read.batches, place, portableCrc32c)
      await this.objects.put(objectKey, parts)
      const put = await stores.segments.put(ref, segment)
      await recent.commitTiered(ref, from, put.kind === "exists" ? put.segment.endOffset : to)
    }
    await recent.dropTiered(ref)
  }

  async segments(ref: PartitionRef): Promise<readonly Segment[]> {
    const listed = await this.parts.stores.segments.list(ref, 0, 1_000)
    if (listed.kind !== "segments") throw new Error(listed.kind)
    return listed.segments
  }

  async close(): Promise<void> {
    const { stores, journal } = this.parts
    stores.close()
    await journal.close()
  }
}
