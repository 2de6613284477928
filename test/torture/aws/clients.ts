/** Who writes, reads, commits and deletes while the servers die: several for each partition. */
import { committer } from "../committers.ts"
import { groupMembers } from "../group-members.ts"
import { idempotentWriter } from "../idempotent-writer.ts"
import type { Client } from "../phase.ts"
import type { Random } from "../random.ts"
import { follower, type KnownEnds, rereader } from "../readers.ts"
import { keylessWriter, manyPartitionsWriter, partitionWriter } from "../writers.ts"
import { trimmer } from "./trimmer.ts"

export const TOPICS = [
  { topic: "mixed", partitions: 2 },
  { topic: "keyless", partitions: 1 },
  { topic: "trimmed", partitions: 1 },
  { topic: "grouped", partitions: 3 },
] as const

/** Longer than the servers' clocks are apart, so that members are not expelled all the time. */
const SESSION_MS = 4_500

export function makeAwsClients(life: string, random: Random): Client[] {
  const ends: KnownEnds = new Map()
  const named = (kind: string) => ({ name: `${life}-${kind}`, random: random.fork(kind) })
  const mixed = { topic: "mixed", partitions: 2 }
  const trimmed = { topic: "trimmed", partitions: 1, ends, trimmed: true }
  const [zero, one] = [0, 1]
  return [
    partitionWriter({ ...named("plain-0"), ...mixed, partition: zero, matching: false }),
    partitionWriter({ ...named("plain-1"), ...mixed, partition: one, matching: false }),
    partitionWriter({ ...named("match-1"), ...mixed, partition: one, matching: true }),
    keylessWriter({ ...named("keyless"), topic: "keyless", partitions: 1 }),
    manyPartitionsWriter({ ...named("many"), ...mixed }),
    idempotentWriter({ ...named("binary-0"), topic: "mixed", partition: zero, binary: true }),
    idempotentWriter({ ...named("json-0"), topic: "mixed", partition: zero, binary: false }),
    idempotentWriter({ ...named("binary-1"), topic: "mixed", partition: one, binary: true }),
    idempotentWriter({ ...named("trimmed"), topic: "trimmed", partition: zero, binary: false }),
    trimmer({ ...named("trimmer"), ...trimmed }, zero),
    rereader({ ...named("reread"), ...mixed, ends }),
    committer({ ...named("commit-a"), ...mixed, ends, group: "g" }, zero),
    committer({ ...named("commit-b"), ...mixed, ends, group: "g" }, zero),
    keylessWriter({ ...named("grouped"), topic: "grouped", partitions: 3 }),
    ...groupMembers({ ...named("group"), group: "consumers", topics: ["grouped"], seats: 3, sessionMs: SESSION_MS }),
    follower({ ...named("follower-0"), ...mixed, ends }, zero, false),
    follower({ ...named("follower-1"), ...mixed, ends }, one, true),
    follower({ ...named("follower-keyless"), topic: "keyless", partitions: 1, ends }, zero, false),
    follower({ ...named("follower-trimmed"), ...trimmed }, zero, false),
  ]
}
