/** Brings about what functions ask of their storage seldom: after lost answers, in old parts of a log, on missing objects. */
import assert from "node:assert/strict"
import { randomUUID } from "node:crypto"
import { DeleteObjectsCommand, ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3"
import { lagService } from "../../../functions/compose/lag-service.ts"
import { recordedUpkeep, recordedUpkeepSome } from "../../../functions/compose/recorded-upkeep.ts"
import { tellLag } from "../../../functions/lambda/tell-lag.ts"
import { upkeepHandler } from "../../../functions/lambda/upkeep-handler.ts"
import type { Service } from "../../aws/api-service.ts"
import type { RunningFunctions } from "./deployment.ts"

const HOUR_MS = 3_600_000
/** The last there is. */
const LAST_EPOCH = 32_767

export async function doWhatIsRare(running: RunningFunctions): Promise<void> {
  await produceWithManyProducers(running)
  await loseAnswersOfAppends(running)
  await readOldParts(running)
  await readWhatIsMissing(running)
  await loseAnswersOfGroups(running)
  await deleteGroupsOfTheDead(running)
  await keepUp(running)
  await lookUpLag(running)
}

/** More than a head remembers: they are sent to items of their own, and come back. */
async function produceWithManyProducers({ functions: { produce }, somebody }: RunningFunctions): Promise<void> {
  const topic = await newTopic(somebody)
  const producers: unknown[] = []
  for (let count = 0; count < 8; count++) producers.push((await ok(produce.service, "POST", "/v1/producers", {})).body)
  for (const sequence of [0, 1]) {
    for (const producer of producers) {
      const { id, epoch } = Object(producer)
      const body = { records: [{ value: "x".repeat(500) }], producer: { id, epoch, sequence } }
      await ok(produce.service, "POST", recordsOf(topic), body)
    }
  }
  const { id } = Object(producers[0])
  await ok(produce.service, "POST", "/v1/producers", { id, epoch: 0 })
  await produce.service.send("POST", "/v1/producers", { id, epoch: LAST_EPOCH })
  await ok(somebody, "DELETE", `/v1/topics/${topic}`)
}

/** An append whose answer was lost is looked for where others have moved it meanwhile. */
async function loseAnswersOfAppends({ functions: { produce }, somebody }: RunningFunctions): Promise<void> {
  const topic = await newTopic(somebody)
  await fill(produce.service, topic, 1)
  produce.faults.loseAnswers("UpdateItem", 1, () => fill(somebody, topic, 40))
  await ok(produce.service, "POST", recordsOf(topic), { records: [{ value: 1 }] })
  assert.equal(produce.faults.left(), 0)
}

/** Segments, pages and the tail of one partition, by each function that reads. */
async function readOldParts({ functions, somebody }: RunningFunctions): Promise<void> {
  const topic = await newTopic(somebody)
  await fill(somebody, topic, 60)
  await ok(somebody, "POST", recordsOf(topic), { records: [{ value: "o".repeat(400_000) }] })
  await fill(somebody, topic, 60)
  await upkeep(functions.upkeep.service)
  await fill(somebody, topic, 60)
  const { poll, fetch, admin } = functions
  for (const offset of [0, 60, 61, 125, 180]) {
    await ok(fetch.service, "GET", `${recordsOf(topic)}?offset=${offset}`)
  }
  await ok(fetch.service, "GET", `/v1/topics/${topic}/offsets?timestamp=1`)
  await ok(poll.service, "POST", "/v1/groups/old/members/m1/poll", { topics: [topic], autoOffsetReset: "earliest" })
  const commit = [{ topic, partition: 0, offset: 100 }]
  await ok(poll.service, "POST", "/v1/groups/reset/offsets", { offsets: commit })
  for (const timestamp of [0, Date.now()]) {
    await ok(poll.service, "POST", "/v1/groups/reset/offsets:reset", { timestamp, execute: true })
  }
  await ok(admin.service, "DELETE", `${recordsOf(topic)}?before=150`)
}

/** Objects that somebody removed by hand. */
async function readWhatIsMissing({ functions: { fetch, poll }, somebody, bucket }: RunningFunctions): Promise<void> {
  const topic = await newTopic(somebody)
  await ok(somebody, "POST", recordsOf(topic), { records: [{ value: "o".repeat(400_000) }] })
  const { Contents = [] } = await bucket.client.send(
    new ListObjectsV2Command({ Bucket: bucket.bucket, Prefix: "batches/" }),
  )
  const Objects = Contents.map(({ Key }) => ({ Key }))
  await bucket.client.send(new DeleteObjectsCommand({ Bucket: bucket.bucket, Delete: { Objects } }))
  await fetch.service.send("GET", `${recordsOf(topic)}?offset=0`)
  await poll.service.send("POST", "/v1/groups/missing/members/m1/poll", {
    topics: [topic],
    autoOffsetReset: "earliest",
  })
  await ok(somebody, "DELETE", `/v1/topics/${topic}`)
}

/** Changes of a group whose answers were lost twice: what is there tells whose change it was. */
async function loseAnswersOfGroups({ functions: { poll, admin }, somebody }: RunningFunctions): Promise<void> {
  const topic = await newTopic(somebody)
  poll.faults.loseAnswers("TransactWriteItems", 2)
  await poll.service.send("POST", "/v1/groups/lost/members/m1/poll", { topics: [topic] })
  assert.equal(poll.faults.left(), 0)
  admin.faults.loseAnswers("TransactWriteItems", 2)
  await admin.later(HOUR_MS).send("DELETE", "/v1/groups/lost")
  assert.equal(admin.faults.left(), 0)
}

/** Members that did not say good-bye are forgotten by whoever deletes their group. */
async function deleteGroupsOfTheDead({ functions: { poll, admin }, somebody }: RunningFunctions): Promise<void> {
  const topic = await newTopic(somebody)
  await ok(poll.service, "POST", "/v1/groups/dead/members/m1/poll", { topics: [topic] })
  await ok(poll.service, "POST", "/v1/groups/dead/members/m2/poll", { topics: [topic] })
  await ok(poll.later(HOUR_MS), "POST", "/v1/groups/dead/members/m3/poll", { topics: [topic] })
  await ok(admin.later(2 * HOUR_MS), "DELETE", "/v1/groups/dead")
}

/** Retention, compaction, orphans, and topics that were deleted. */
async function keepUp({ functions, somebody, bucket }: RunningFunctions): Promise<void> {
  const compacted = await newTopic(somebody, { "cleanup.policy": "compact" })
  const short = await newTopic(somebody, { "retention.ms": 1 })
  const deleted = await newTopic(somebody)
  for (const topic of [compacted, short, deleted]) {
    for (let round = 0; round < 3; round++) {
      await fill(somebody, topic, 40)
      if (topic !== compacted)
        await ok(somebody, "POST", recordsOf(topic), { records: [{ value: "o".repeat(400_000) }] })
      if (topic !== deleted) await upkeep(functions.upkeep.service)
    }
  }
  const orphan = `segments/${randomUUID()}/0/${"0".repeat(20)}-${randomUUID()}.log`
  await bucket.client.send(new PutObjectCommand({ Bucket: bucket.bucket, Key: orphan, Body: "orphan" }))
  await ok(somebody, "DELETE", `/v1/topics/${deleted}`)
  for (let round = 0; round < 3; round++) await upkeep(functions.upkeep.service)
}

/** Of a group with members and offsets, in a topic that has segments. */
async function lookUpLag({ functions: { lag }, somebody }: RunningFunctions): Promise<void> {
  const topic = await newTopic(somebody)
  await fill(somebody, topic, 60)
  const poll = { topics: [topic], autoOffsetReset: "earliest" }
  await ok(somebody, "POST", "/v1/groups/behind/members/m1/poll", poll)
  await ok(somebody, "POST", "/v1/groups/behind/members/m1/poll", {
    memberEpoch: 1,
    commit: [{ topic, partition: 0, offset: 7 }],
  })
  const said: Readonly<Record<string, unknown>>[] = []
  const parts = { deployment: "Stratalog", now: Date.now, say: (event: (typeof said)[number]) => said.push(event) }
  await tellLag(["behind"], { ...parts, lagOf: lagService(lag.storage) })
  assert.equal(said[0]?.["stratalog_group_lag"], 53)
}

/** As the schedule of the sweep calls it, and a nudge. */
async function upkeep({ upkeep: run, upkeepSome, deps }: Service): Promise<void> {
  const failed: unknown[] = []
  const unrecorded = (failure: unknown) => failed.push(failure)
  const recording = { records: deps.upkeepRecords, clock: deps.clock, unrecorded }
  const recorded = {
    upkeep: recordedUpkeep(run, recording),
    upkeepSome: recordedUpkeepSome(upkeepSome, recording),
  }
  const said: Readonly<Record<string, unknown>>[] = []
  const handler = upkeepHandler(recorded, (event) => said.push(event))
  const context = { awsRequestId: "invocation-1", getRemainingTimeInMillis: () => 600_000 }
  await handler({ sweep: true }, context)
  const { topics } = await deps.topics.list({ limit: 1 })
  const nudges = topics.map(({ id }) => ({ Message: JSON.stringify({ topicId: id, partition: 0 }) }))
  await handler({ Records: nudges.map((Sns) => ({ EventSource: "aws:sns", Sns })) }, context)
  assert.deepEqual([...failed, ...said.filter(({ event }) => event === "upkeep_failed")], [])
}

async function newTopic(service: Service, config = {}): Promise<string> {
  const topic = `t-${randomUUID()}`
  await ok(service, "PUT", `/v1/topics/${topic}`, { partitions: 1, config })
  return topic
}

/** Records of all sizes: in the tail, in pages and in items of their own. */
async function fill(service: Service, topic: string, count: number): Promise<void> {
  for (let at = 0; at < count; at++) {
    const value = "v".repeat(at % 8 === 0 ? 3_000 : 700)
    await ok(service, "POST", recordsOf(topic), { records: [{ key: `k${at % 3}`, value }] })
  }
}

function recordsOf(topic: string): string {
  return `/v1/topics/${topic}/partitions/0/records`
}

async function ok(service: Service, method: string, path: string, json?: unknown) {
  const answer = await service.send(method, path, json)
  assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${JSON.stringify(answer.body).slice(0, 300)}`)
  return answer
}
