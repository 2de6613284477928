/** The epochs under which partitions were claimed: what a commit has to pass. */
import type { DatabaseSync } from "node:sqlite"
import type { PartitionRef } from "../../../log/ports.ts"
import { integer } from "./rows.ts"

const TAKE = `
  INSERT INTO partition_claims (group_name, topic_id, partition, epoch) VALUES (?, ?, ?, ?)
  ON CONFLICT (group_name, topic_id, partition) DO UPDATE SET epoch = excluded.epoch`

/** For use within a transaction. */
export class PartitionClaims {
  readonly #find
  readonly #take
  readonly #removeGroup
  readonly #removeTopic

  constructor(database: DatabaseSync) {
    this.#find = database.prepare(
      "SELECT epoch FROM partition_claims WHERE group_name = ? AND topic_id = ? AND partition = ?",
    )
    this.#take = database.prepare(TAKE)
    this.#removeGroup = database.prepare("DELETE FROM partition_claims WHERE group_name = ?")
    this.#removeTopic = database.prepare("DELETE FROM partition_claims WHERE topic_id = ?")
  }

  /** 0: nobody ever claimed it. */
  epochOf(group: string, { topicId, partition }: PartitionRef): number {
    const row = this.#find.get(group, topicId, partition)
    return row === undefined ? 0 : integer(row, "epoch")
  }

  take(group: string, { topicId, partition }: PartitionRef, epoch: number): void {
    this.#take.run(group, topicId, partition, epoch)
  }

  removeGroup(group: string): void {
    this.#removeGroup.run(group)
  }

  removeTopic(topicId: string): void {
    this.#removeTopic.run(topicId)
  }
}
