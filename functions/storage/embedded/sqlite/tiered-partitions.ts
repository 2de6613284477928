/** What is remembered of partitions that have segments, and of their topics. */
import type { DatabaseSync } from "node:sqlite"
import type { PartitionRef, PartitionsOutcome, Unavailable } from "../../../log/ports.ts"
import type { Tiered } from "../tiering/tiered.ts"
import type { GroupCommit } from "./group-commit.ts"
import { integer, text } from "./rows.ts"

export interface TieredPartitions {
  all(): readonly (readonly [PartitionRef, Tiered])[]
  /** Durable when it answers `done`; `undefined` forgets the partition. */
  save(partition: PartitionRef, tiered: Tiered | undefined): Promise<{ readonly kind: "done" } | Unavailable>
  /** The topics that have segments, or had. */
  topicIds(): readonly string[]
  /** Forgets the topic's segments and what is remembered of its partitions. */
  forgetTopic(topicId: string): Promise<PartitionsOutcome>
}

const SAVE = `
  INSERT INTO tiered_partitions (topic_id, partition, tiered_to, log_start) VALUES (?, ?, ?, ?)
  ON CONFLICT DO UPDATE SET tiered_to = excluded.tiered_to, log_start = excluded.log_start`

export function createTieredPartitions(database: DatabaseSync, groupCommit: GroupCommit): TieredPartitions {
  const all = database.prepare("SELECT * FROM tiered_partitions")
  const topicIds = database.prepare("SELECT topic_id FROM segments UNION SELECT topic_id FROM tiered_partitions")
  const save = database.prepare(SAVE)
  const forget = database.prepare("DELETE FROM tiered_partitions WHERE topic_id = ? AND partition = ?")
  const forgetSegments = database.prepare("DELETE FROM segments WHERE topic_id = ?")
  const forgetPartitions = database.prepare("DELETE FROM tiered_partitions WHERE topic_id = ?")

  return {
    all: () =>
      all.all().map((row) => [
        { topicId: text(row, "topic_id"), partition: integer(row, "partition") },
        { tieredTo: integer(row, "tiered_to"), logStartOffset: integer(row, "log_start") },
      ]),
    save: ({ topicId, partition }, tiered) =>
      groupCommit.run(() => {
        if (tiered === undefined) forget.run(topicId, partition)
        else save.run(topicId, partition, tiered.tieredTo, tiered.logStartOffset)
        return { kind: "done" }
      }),
    topicIds: () => topicIds.all().map((row) => text(row, "topic_id")),
    forgetTopic: (topicId) =>
      groupCommit.run(() => {
        forgetSegments.run(topicId)
        forgetPartitions.run(topicId)
        return { kind: "done" }
      }),
  }
}
