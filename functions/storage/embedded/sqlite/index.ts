/**
 * The embedded storage of everything that is not the log itself: topics, committed offsets, producer ids and the index
 * of segments in one SQLite file. One process at a time may open it (topics are cached); whoever opens the data directory sees to that.
 */
import type { DatabaseSync } from "node:sqlite"
import type { GroupOffsets } from "../../../groups/ports.ts"
import type { ProducerIds } from "../../../producers/ports.ts"
import type { TopicStore } from "../../../topics/ports.ts"
import { openDatabase } from "./database.ts"
import { GroupCommit } from "./group-commit.ts"
import { createGroupOffsets } from "./group-offsets.ts"
import { createProducerIds } from "./producer-ids.ts"
import { text } from "./rows.ts"
import { createSegmentIndex, type SqliteSegmentIndex } from "./segment-index.ts"
import { createTieredPartitions, type TieredPartitions } from "./tiered-partitions.ts"
import { createTopicStore } from "./topic-store.ts"

export type { SqliteSegmentIndex } from "./segment-index.ts"
export type { TieredPartitions } from "./tiered-partitions.ts"

export interface SqliteStores {
  readonly topics: TopicStore
  readonly groups: GroupOffsets
  readonly producers: ProducerIds
  readonly segments: SqliteSegmentIndex
  readonly tiered: TieredPartitions
  /** The topic ids that committed offsets exist for, among them those of topics that are deleted: see `removeOrphans`. */
  committedTopicIds(): readonly string[]
  /** Commits what waits and closes the file. Later calls answer `unavailable` (closing), or from memory. */
  close(): void
}

/** `path` is the database file, made where it is missing. Throws a sentence for the operator where it cannot be used. */
export function openSqliteStores({ path }: { readonly path: string }): SqliteStores {
  const database = openDatabase(path)
  try {
    return storesOf(database)
  } catch (error) {
    database.close()
    throw error
  }
}

function storesOf(database: DatabaseSync): SqliteStores {
  const groupCommit = new GroupCommit(database)
  const topicIds = database.prepare("SELECT DISTINCT topic_id FROM committed_offsets")
  return {
    topics: createTopicStore(database),
    groups: createGroupOffsets(database, groupCommit),
    producers: createProducerIds(database, groupCommit),
    segments: createSegmentIndex(database, groupCommit),
    tiered: createTieredPartitions(database, groupCommit),
    committedTopicIds: () => topicIds.all().map((row) => text(row, "topic_id")),
    close: () => {
      if (!database.isOpen) return
      groupCommit.close()
      database.close()
    },
  }
}
