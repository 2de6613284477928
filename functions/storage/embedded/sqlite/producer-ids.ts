import type { DatabaseSync } from "node:sqlite"
import { type BumpEpochOutcome, MAX_PRODUCER_EPOCH, type ProducerIds } from "../../../producers/ports.ts"
import type { GroupCommit } from "./group-commit.ts"
import { integer } from "./rows.ts"

/** An id is given away in the transaction that moves the counter past it: no crash can give it away again. */
export function createProducerIds(database: DatabaseSync, groupCommit: GroupCommit): ProducerIds {
  const take = database.prepare("UPDATE producer_id_counter SET next_id = next_id + 1 RETURNING next_id - 1 AS id")
  const known = database.prepare(
    `SELECT coalesce((SELECT epoch FROM producer_epochs WHERE id = :id), 0) AS epoch
     FROM producer_id_counter WHERE :id >= 1 AND :id < next_id`,
  )
  const write = database.prepare(
    "INSERT INTO producer_epochs (id, epoch) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET epoch = excluded.epoch",
  )

  const bump = (id: number, epoch: number): BumpEpochOutcome => {
    const row = known.get({ id })
    if (row === undefined) return { kind: "not_found" }
    const present = integer(row, "epoch")
    if (present !== epoch) return { kind: "stale_epoch", epoch: present }
    if (present >= MAX_PRODUCER_EPOCH) return { kind: "exhausted" }
    write.run(id, present + 1)
    return { kind: "bumped", epoch: present + 1 }
  }

  return {
    allocate: () => groupCommit.run(() => ({ kind: "allocated", id: integer(take.get() ?? {}, "id"), epoch: 0 })),
    bumpEpoch: (id, epoch) => groupCommit.run(() => bump(id, epoch)),
  }
}
