/** The group that keeps snapshots: the state of each account, in a compacted topic with the account as key. */
import type { Stratalog } from "stratalog"
import * as z from "zod"
import { committedOffsets } from "../program/committed-offsets.ts"
import { latestByKey } from "../program/latest-by-key.ts"
import { accountEvents, EVENTS } from "./ledger.ts"
import { EMPTY, eventSchema, evolve, type Portfolio, portfolioSchema } from "./portfolio.ts"

/** `offset` is that of the last event in it, `partition` where the account's events are. */
export const snapshotSchema = portfolioSchema.extend({ partition: z.int(), offset: z.int() })
export type Snapshot = z.infer<typeof snapshotSchema>

export const SNAPSHOTS = "account-snapshots"
export const SNAPSHOT_GROUP = "account-snapshots"

export function accountSnapshots(log: Stratalog) {
  return log.topic(SNAPSHOTS, { key: z.string(), value: snapshotSchema })
}

/** Safe to repeat. Of each key the log keeps the last value. */
export async function createSnapshots(log: Stratalog): Promise<void> {
  await log.topics.create(SNAPSHOTS, { partitions: 1, config: { "cleanup.policy": "compact" } })
}

/** Runs until `signal` aborts. */
export async function keepSnapshots(log: Stratalog, signal: AbortSignal): Promise<void> {
  let snapshots = new Map<string, Snapshot>()
  await using producer = accountSnapshots(log).producer()
  await using consumer = log.consumer({
    group: SNAPSHOT_GROUP,
    topics: [EVENTS],
    key: z.string(),
    value: eventSchema,
    autoCommitIntervalMs: 500,
    signal,
    // Whoever had the partitions before has published what it committed.
    onAssigned: async () => {
      snapshots = await latestByKey(accountSnapshots(log))
    },
  })
  for await (const { records } of consumer.batches()) {
    const changed = new Map<string, Snapshot>()
    for (const { key, value, partition, offset } of records) {
      const known = snapshots.get(key)
      // Handed out again after a crash: the snapshot has it.
      if (known !== undefined && offset <= known.offset) continue
      const snapshot = { ...evolve(known ?? EMPTY, value), partition, offset }
      snapshots.set(key, snapshot)
      changed.set(key, snapshot)
    }
    await Promise.all([...changed].map(([key, snapshot]) => producer.send({ key, value: snapshot })))
  }
}

/** All accounts from their snapshots and the few events after them. */
export async function rebuildFromSnapshots(
  log: Stratalog,
): Promise<{ accounts: Map<string, Portfolio>; events: number }> {
  // In this order: what is committed is in the snapshots that are read after it.
  const offsets = Object.fromEntries(await committedOffsets(log, SNAPSHOT_GROUP, EVENTS))
  const snapshots = await latestByKey(accountSnapshots(log))
  const accounts = new Map<string, Portfolio>()
  for (const [account, { partition, offset, ...state }] of snapshots) {
    accounts.set(account, state)
    // A member that was slow to learn that it had lost its partitions may have put an older snapshot over a newer.
    offsets[partition] = Math.min(offsets[partition] ?? 0, offset + 1)
  }
  let events = 0
  for await (const { key, value, offset } of accountEvents(log).read({ from: { offsets } })) {
    events++
    if (offset > (snapshots.get(key)?.offset ?? -1)) accounts.set(key, evolve(accounts.get(key) ?? EMPTY, value))
  }
  return { accounts, events }
}
