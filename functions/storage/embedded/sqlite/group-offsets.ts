import type { DatabaseSync } from "node:sqlite"
import type { CommitOutcome, CommittedOffset, GroupOffsets, RegressedCommit } from "../../../groups/ports.ts"
import type { GroupCommit } from "./group-commit.ts"
import { integer, type Row, text } from "./rows.ts"
import { query } from "./transaction.ts"

/** Group names come from the key's first column: each step of the recursion is one search of the tree, not a scan. */
const LIST_GROUPS = `
  WITH RECURSIVE named (name) AS (
    SELECT min(group_name) FROM committed_offsets WHERE group_name > :after
    UNION ALL
    SELECT (SELECT min(group_name) FROM committed_offsets WHERE group_name > name) FROM named WHERE name IS NOT NULL
  )
  SELECT name FROM named WHERE name IS NOT NULL LIMIT :limit`

const WRITE_OFFSET = `
  INSERT INTO committed_offsets (group_name, topic_id, partition, topic, next_offset, metadata, committed_at)
  VALUES (?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (group_name, topic_id, partition) DO UPDATE SET
    next_offset = excluded.next_offset, metadata = excluded.metadata, committed_at = excluded.committed_at`

export function createGroupOffsets(database: DatabaseSync, groupCommit: GroupCommit): GroupOffsets {
  const find = database.prepare(
    "SELECT next_offset FROM committed_offsets WHERE group_name = ? AND topic_id = ? AND partition = ?",
  )
  const write = database.prepare(WRITE_OFFSET)
  const all = database.prepare("SELECT * FROM committed_offsets WHERE group_name = ? ORDER BY topic_id, partition")
  const listGroups = database.prepare(LIST_GROUPS)
  const remove = database.prepare("DELETE FROM committed_offsets WHERE group_name = ?")
  const forget = database.prepare("DELETE FROM committed_offsets WHERE topic_id = ?")

  const regression = (group: string, commit: CommittedOffset): RegressedCommit[] => {
    const { topicId, partition } = commit.partition
    const row = find.get(group, topicId, partition)
    const committed = row === undefined ? 0 : integer(row, "next_offset")
    return committed > commit.offset ? [{ partition: commit.partition, committed }] : []
  }

  const decide = (group: string, commits: readonly CommittedOffset[]): CommitOutcome => {
    const regressed = commits.flatMap((commit) => regression(group, commit))
    if (regressed.length > 0) return { kind: "regressed", regressed }
    for (const { partition, topic, offset, metadata, committedAt } of commits) {
      write.run(group, partition.topicId, partition.partition, topic, offset, metadata, committedAt)
    }
    return { kind: "committed" }
  }

  return {
    commit: (group, commits) => groupCommit.run(() => decide(group, commits)),
    read: (group) =>
      query(database, () => {
        const offsets = all.all(group).map(decode)
        return offsets.length === 0 ? { kind: "not_found" } : { kind: "offsets", offsets }
      }),
    list: ({ after, limit }) =>
      query(database, () => {
        // One more than asked for tells whether there is a next page.
        const names = listGroups.all({ after: after ?? "", limit: limit + 1 }).map((row) => text(row, "name"))
        const groups = names.slice(0, limit)
        const next = names.length > limit ? groups.at(-1) : undefined
        return { kind: "page", groups, ...(next === undefined ? {} : { next }) }
      }),
    delete: (group) =>
      groupCommit.run(() => (remove.run(group).changes === 0 ? { kind: "not_found" } : { kind: "deleted" })),
    forgetTopic: (topicId) =>
      groupCommit.run(() => {
        forget.run(topicId)
        return { kind: "done" }
      }),
  }
}

function decode(row: Row): CommittedOffset {
  return {
    partition: { topicId: text(row, "topic_id"), partition: integer(row, "partition") },
    topic: text(row, "topic"),
    offset: integer(row, "next_offset"),
    metadata: text(row, "metadata"),
    committedAt: integer(row, "committed_at"),
  }
}
