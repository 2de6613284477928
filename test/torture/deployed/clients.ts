/** Who writes, reads, commits and deletes while functions die. Every topic is this run's own. */
import { trimmer } from "../aws/trimmer.ts"
import { committer } from "../committers.ts"
import { groupMembers } from "../group-members.ts"
import { idempotentWriter } from "../idempotent-writer.ts"
import type { Client } from "../phase.ts"
import type { Random } from "../random.ts"
import { follower, type KnownEnds, rereader } from "../readers.ts"
import { keylessWriter, manyPartitionsWriter, partitionWriter } from "../writers.ts"

export interface DeployedTopic {
  readonly topic: string
  readonly partitions: number
}

/** By the run's name. */
export function deployedTopics(run: string) {
  return {
    mixed: { topic: `${run}-mixed`, partitions: 2 },
    trimmed: { topic: `${run}-trimmed`, partitions: 1 },
    grouped: { topic: `${run}-grouped`, partitions: 3 },
  } as const
}

const SESSION_MS = 4_500

/** Two writers go by the next offset of the same partition, beside others that do not ask. */
export function makeDeployedClients(run: string, random: Random): Client[] {
  const ends: KnownEnds = new Map()
  const named = (kind: string) => ({ name: `${run}-${kind}`, random: random.fork(kind) })
  const { mixed, trimmed: trimmedTopic, grouped } = deployedTopics(run)
  const trimmed = { ...trimmedTopic, ends, trimmed: true }
  const [zero, one] = [0, 1]
  return [
    partitionWriter({ ...named("match-0"), ...mixed, partition: zero, matching: true }),
    partitionWriter({ ...named("match-0-too"), ...mixed, partition: zero, matching: true }),
    manyPartitionsWriter({ ...named("many"), ...mixed }),
    idempotentWriter({ ...named("binary-1"), topic: mixed.topic, partition: one, binary: true }),
    idempotentWriter({ ...named("json-1"), topic: mixed.topic, partition: one, binary: false }),
    idempotentWriter({ ...named("trimmed"), topic: trimmed.topic, partition: zero, binary: false }),
    trimmer({ ...named("trimmer"), ...trimmed }, zero),
    rereader({ ...named("reread"), ...mixed, ends }),
    committer({ ...named("commit"), ...mixed, ends, group: `${run}-g` }, zero),
    keylessWriter({ ...named("grouped"), ...grouped }),
    ...groupMembers({
      ...named("group"),
      group: `${run}-consumers`,
      topics: [grouped.topic],
      seats: 2,
      sessionMs: SESSION_MS,
    }),
    follower({ ...named("follower-0"), ...mixed, ends }, zero, false),
    follower({ ...named("follower-1"), ...mixed, ends }, one, true),
    follower({ ...named("follower-trimmed"), ...trimmed }, zero, false),
  ]
}
