import { join } from "node:path"
import type { Crc32c } from "stratalog/record-batch"
import type { Clock, PartitionLog, Unavailable } from "../../../log/ports.ts"
import type { ObjectStore, RecentLog } from "../../../segments/ports.ts"
import { SegmentMemory } from "../../../segments/read/segment-memory.ts"
import type { FileLayer } from "../files/index.ts"
import type { JournalLog } from "../journal/index.ts"
import { openObjectFiles } from "../objects/index.ts"
import type { SqliteStores } from "../sqlite/index.ts"
import { Boundaries } from "./boundaries.ts"
import { leaving } from "./leaving.ts"
import { createJournalRecentLog } from "./recent-log.ts"
import { removeSegments } from "./remove-segments.ts"
import { StorageTimes } from "./storage-times.ts"
import { topicsWithObjects } from "./stored-topics.ts"
import { TieredLog } from "./tiered-log.ts"

export interface TieringOptions {
  readonly directory: string
  readonly files?: FileLayer
  readonly journal: JournalLog
  readonly stores: Pick<SqliteStores, "segments" | "tiered">
  readonly crc32c: Crc32c
  readonly clock: Clock
}

export interface OpenTiering {
  readonly log: PartitionLog
  readonly objects: ObjectStore
  /** The journal for one round of upkeep: what is to leave it is settled as the round begins. */
  recent(isCompacted: (topicId: string) => boolean): RecentLog
  /** The topics that segments were made for. */
  topicIds(): Promise<readonly string[] | Unavailable>
}

/**
 * Bytes. None for entries of the index, which is in this process: what compaction replaced is not read from memory any more.
 * Little for batches, which the operating system's cache holds too.
 */
const MEMORY = { segments: 0, blocks: 16 * 1024 ** 2 }

/** Opens what lies beside the journal, before anybody reads. Throws where the two do not belong together. */
export async function openTiering(options: TieringOptions): Promise<OpenTiering> {
  const { directory, files, journal, stores, crc32c, clock } = options
  const objects = await openObjectFiles({ directory: join(directory, "objects"), ...(files && { files }) })
  const boundaries = new Boundaries({ journal, store: stores.tiered })
  await boundaries.restore()
  const times = new StorageTimes(clock)
  const log = new TieredLog({
    journal,
    boundaries,
    segments: { objects, index: stores.segments, crc32c, memory: new SegmentMemory(MEMORY) },
    removeSegments: (topicId) => removeSegments(objects, stores.tiered, topicId),
  })
  return {
    log,
    objects,
    recent: (isCompacted) => {
      return createJournalRecentLog({ journal, boundaries, times, leavesTo: leaving(journal, isCompacted) })
    },
    topicIds: async () => {
      const withObjects = await topicsWithObjects(objects)
      return "kind" in withObjects ? withObjects : [...withObjects, ...stores.tiered.topicIds()]
    },
  }
}
