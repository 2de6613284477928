/**
 * The embedded storage of everything that is not the log itself: topics, consumer groups, producer ids and the index
 * of segments in one SQLite file. One process at a time may open it (topics are cached); whoever opens the data directory sees to that.
 */
import type { DatabaseSync } from "node:sqlite"
import type { AccessStore } from "../../../access/ports.ts"
import type { GroupStore } from "../../../groups/ports.ts"
import type { Clock } from "../../../log/ports.ts"
import type { ProducerIds } from "../../../producers/ports.ts"
import type { UpkeepRecords } from "../../../segments/upkeep/records.ts"
import type { TopicStore } from "../../../topics/ports.ts"
import { createAccessStore } from "./access-store.ts"
import { openDatabase } from "./database.ts"
import { GroupCommit } from "./group-commit.ts"
import { createGroupMembers } from "./group-members.ts"
import { createGroupOffsets } from "./group-offsets.ts"
import { createProducerIds } from "./producer-ids.ts"
import { text } from "./rows.ts"
import { createSegmentIndex, type SqliteSegmentIndex } from "./segment-index.ts"
import { sessionClock, type TimeSources } from "./session-clock.ts"
import { createTieredPartitions, type TieredPartitions } from "./tiered-partitions.ts"
import { createTopicStore } from "./topic-store.ts"
import { createUpkeepRecords } from "./upkeep-records.ts"

export type { SqliteSegmentIndex } from "./segment-index.ts"
export type { TieredPartitions } from "./tiered-partitions.ts"

export interface SqliteStores {
  readonly topics: TopicStore
  readonly groups: GroupStore
  /** For touches, and for all times in states of groups. */
  readonly sessionClock: Clock
  readonly producers: ProducerIds
  readonly segments: SqliteSegmentIndex
  readonly tiered: TieredPartitions
  readonly upkeepRecords: UpkeepRecords
  readonly access: AccessStore
  /** The topic ids that committed offsets or claims exist for, among them those of topics that are deleted: see `removeOrphans`. */
  committedTopicIds(): readonly string[]
  /** Commits what waits and closes the file. Later calls answer `unavailable` (closing), or from memory. */
  close(): void
}

export interface SqliteOptions {
  /** The database file, made where it is missing. */
  readonly path: string
  /** The machine's, unless given. */
  readonly time?: TimeSources
}

const machineTime: TimeSources = { wall: Date.now, monotonic: () => performance.now() }

/** Throws a sentence for the operator where the file cannot be used. */
export function openSqliteStores({ path, time = machineTime }: SqliteOptions): SqliteStores {
  const database = openDatabase(path)
  try {
    return storesOf(database, time)
  } catch (error) {
    database.close()
    throw error
  }
}

function storesOf(database: DatabaseSync, time: TimeSources): SqliteStores {
  const groupCommit = new GroupCommit(database)
  const clock = sessionClock(database, time)
  const topicIds = database.prepare(
    "SELECT topic_id FROM committed_offsets UNION SELECT topic_id FROM partition_claims",
  )
  return {
    topics: createTopicStore(database),
    groups: { ...createGroupOffsets(database, groupCommit), ...createGroupMembers(database, groupCommit, clock.now()) },
    sessionClock: clock,
    producers: createProducerIds(database, groupCommit),
    segments: createSegmentIndex(database, groupCommit),
    tiered: createTieredPartitions(database, groupCommit),
    upkeepRecords: createUpkeepRecords(database, groupCommit),
    access: createAccessStore(database, groupCommit),
    committedTopicIds: () => topicIds.all().map((row) => text(row, "topic_id")),
    close: () => {
      if (!database.isOpen) return
      groupCommit.close()
      database.close()
    },
  }
}
