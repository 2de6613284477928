/** The rows of committed offsets. */
import type { DatabaseSync } from "node:sqlite"
import type { CommittedOffset } from "../../../groups/ports.ts"
import type { PartitionRef } from "../../../log/ports.ts"
import { integer, type Row, text } from "./rows.ts"

const OF_PARTITION = "group_name = ? AND topic_id = ? AND partition = ?"

const WRITE = `
  INSERT INTO committed_offsets (group_name, topic_id, partition, topic, next_offset, metadata, committed_at)
  VALUES (?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (group_name, topic_id, partition) DO UPDATE SET
    next_offset = excluded.next_offset, metadata = excluded.metadata, committed_at = excluded.committed_at`

/** For use within a transaction; to read, without one as well. */
export class CommittedOffsets {
  readonly #offset
  readonly #find
  readonly #all
  readonly #write
  readonly #removeGroup
  readonly #removeTopic

  constructor(database: DatabaseSync) {
    this.#offset = database.prepare(`SELECT next_offset FROM committed_offsets WHERE ${OF_PARTITION}`)
    this.#find = database.prepare(`SELECT * FROM committed_offsets WHERE ${OF_PARTITION}`)
    this.#all = database.prepare("SELECT * FROM committed_offsets WHERE group_name = ? ORDER BY topic_id, partition")
    this.#write = database.prepare(WRITE)
    this.#removeGroup = database.prepare("DELETE FROM committed_offsets WHERE group_name = ?")
    this.#removeTopic = database.prepare("DELETE FROM committed_offsets WHERE topic_id = ?")
  }

  /** The next offset to read; 0: nothing was ever committed. */
  offsetOf(group: string, { topicId, partition }: PartitionRef): number {
    const row = this.#offset.get(group, topicId, partition)
    return row === undefined ? 0 : integer(row, "next_offset")
  }

  find(group: string, { topicId, partition }: PartitionRef): CommittedOffset | undefined {
    const row = this.#find.get(group, topicId, partition)
    return row === undefined ? undefined : decode(row)
  }

  all(group: string): readonly CommittedOffset[] {
    return this.#all.all(group).map(decode)
  }

  write(group: string, { partition, topic, offset, metadata, committedAt }: CommittedOffset): void {
    this.#write.run(group, partition.topicId, partition.partition, topic, offset, metadata, committedAt)
  }

  /** Whether there were any. */
  removeGroup(group: string): boolean {
    return this.#removeGroup.run(group).changes !== 0
  }

  removeTopic(topicId: string): void {
    this.#removeTopic.run(topicId)
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
