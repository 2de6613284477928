/** The product's use cases in one process of the world, as a member reaches them. */
import { limits } from "stratalog/protocol"
import { decodeVerifiedBatch, portableCodecs } from "stratalog/record-batch"
import type { GroupDependencies } from "../../../functions/groups/dependencies.ts"
import { GroupChanges } from "../../../functions/groups/group-changes.ts"
import { heartbeat } from "../../../functions/groups/heartbeat/heartbeat.ts"
import { poll } from "../../../functions/groups/poll/poll.ts"
import type { Polled } from "../../../functions/groups/poll/polled.ts"
import type { PolledPartition } from "../../../functions/groups/poll/read-partitions.ts"
import type { StartWaiting } from "../../../functions/groups/poll/wait.ts"
import { resetOffsets } from "../../../functions/groups/reset/reset-offsets.ts"
import { subscribedTopics } from "../../../functions/groups/topics/subscribed-topics.ts"
import { StorageUnavailable } from "../../../functions/log/ports.ts"
import type { ReadRecord } from "../../checker/operation.ts"
import type { Answer, CommittedPartition, GivenBatch, GivenPoll, GroupService, Membership } from "./service.ts"
import type { Handler, World } from "./world.ts"

export const GROUP = "g"

/** So little that a member has some of its partitions in each answer. */
const POLL_BYTES = 400

/** How long a poll waits at most, turns of the scheduler. */
const WAIT_TURNS = 30

export function serviceOf(world: World, { process, groups, log, topics, now }: Handler): GroupService {
  const clock = { now }
  const deps: GroupDependencies = {
    groups,
    log,
    topics,
    clock,
    sessionClock: clock,
    codecs: portableCodecs(),
    limits,
    subscribed: subscribedTopics({ topics, clock, maxAgeMs: world.random.pick([0, 1_000]) }),
    changes: new GroupChanges(),
    hearsAll: false,
    pause: () => world.goOn(`${process.name} pauses`).then(() => process.alive()),
  }
  const all = () => true
  return {
    heartbeat: (memberId, body) =>
      told(async (): Promise<Answer<Membership>> => {
        const result = await heartbeat(deps, GROUP, memberId, body)
        return result.kind === "member" ? { kind: "ok", value: result.answer } : refusal(result)
      }),
    poll: (memberId, body) =>
      told(async (): Promise<Answer<GivenPoll>> => {
        const request = { ...body, memberId, maxBytes: POLL_BYTES, maxRecords: body.maxRecords, mayRead: all }
        const result = await poll(deps, GROUP, request, waitingIn(world))
        return result.kind === "polled" ? { kind: "ok", value: await givenBy(result) } : refusal(result)
      }),
    reset: (names, offset) =>
      told(async (): Promise<Answer<readonly CommittedPartition[]>> => {
        const to = { kind: "offset", offset } as const
        const wanted = names.map((topic) => ({ topic }))
        const result = await resetOffsets(deps, GROUP, {
          to,
          topics: wanted,
          execute: true,
          isShown: all,
          mayRead: all,
        })
        if (result.kind !== "reset") return refusal(result)
        const value = result.offsets.map(({ topic, partition: { partition }, newOffset }) => {
          return { topic, partition, offset: newOffset }
        })
        return { kind: "ok", value }
      }),
    committed: async () => {
      const read = await groups.read(GROUP)
      if (read.kind === "unavailable") return { kind: "unknown" }
      const offsets = read.kind === "offsets" ? read.offsets : []
      const value = offsets.map(({ topic, partition: { partition }, offset }) => ({ topic, partition, offset }))
      return { kind: "ok", value }
    },
  }
}

function waitingIn({ goOn, random }: World): StartWaiting {
  return () => {
    const controller = new AbortController()
    const wait = async () => {
      for (let turns = random.below(WAIT_TURNS); turns > 0 && !controller.signal.aborted; turns -= 1)
        await goOn("waits")
      controller.abort()
    }
    void wait()
    return { signal: controller.signal, end: () => controller.abort() }
  }
}

async function givenBy({ answer, fetched, problems }: Polled): Promise<GivenPoll> {
  const shown = fetched.filter(({ batches, isNews }) => batches.length > 0 || isNews)
  return {
    ...answer,
    batches: await Promise.all(shown.map(givenFrom)),
    problems: problems.map(({ at: { topic, partition } }) => ({ topic, partition: partition.partition })),
  }
}

async function givenFrom({ at, offset, batches, watermarks }: PolledPartition): Promise<GivenBatch> {
  const records: ReadRecord[] = []
  let nextOffset = offset
  for (const { bytes, baseOffset, recordCount } of batches) {
    for (const record of await decodeVerifiedBatch(bytes, portableCodecs(), 1_000_000)) {
      if (record.offset >= offset) records.push([record.offset, Buffer.from(record.value ?? []).toString()])
    }
    nextOffset = baseOffset + recordCount
  }
  const { topic, partition } = at
  return { topic, partition: partition.partition, offset, records, nextOffset, ...watermarks }
}

type Refusal = { readonly kind: string; readonly sideEffects?: "none" | "unknown" }

function refusal({ kind, sideEffects }: Refusal): Answer<never> {
  if (sideEffects === "unknown") return { kind: "unknown" }
  return { kind: "refused", code: kind === "fenced" || kind === "refused" ? "member_fenced" : kind }
}

/** A use case that cannot look topics up throws. */
async function told<T>(work: () => Promise<Answer<T>>): Promise<Answer<T>> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof StorageUnavailable) return { kind: "unknown" }
    throw error
  }
}
