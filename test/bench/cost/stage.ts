/** The log on the real adapters, over DynamoDB Local and an S3 in memory (or what AWS_ENDPOINT_URL_... names), metered. */
import { createHash, randomUUID } from "node:crypto"
import { topicConfigDefaults } from "stratalog/protocol"
import { nativeCodecs } from "../../../functions/codecs/native-codecs.ts"
import type { Upkeep } from "../../../functions/compose/indexed-upkeep.ts"
import { partitionsDeps } from "../../../functions/compose/partitions-deps.ts"
import { recordedUpkeep } from "../../../functions/compose/recorded-upkeep.ts"
import { upkeepService } from "../../../functions/compose/upkeep-service.ts"
import { lambdaLimits } from "../../../functions/lambda/limits.ts"
import type { PartitionLog, PartitionRef } from "../../../functions/log/ports.ts"
import type { PartitionSettings, PartitionsDeps } from "../../../functions/partitions/dependencies.ts"
import { createIndexedLog } from "../../../functions/partitions/indexed-log.ts"
import { createRecentLog } from "../../../functions/partitions/recent-log.ts"
import { type UpkeepDependencies, upkeepDefaults } from "../../../functions/segments/dependencies.ts"
import type { ObjectStore, SegmentIndex } from "../../../functions/segments/ports.ts"
import { tierPartition } from "../../../functions/segments/tier/tier.ts"
import { createDynamoDbClients } from "../../../functions/storage/aws/dynamodb/client.ts"
import { indexSizes } from "../../../functions/storage/aws/dynamodb/index-sizes.ts"
import { createPartitionIndex } from "../../../functions/storage/aws/dynamodb/partition-index/partition-index.ts"
import { createSegmentIndex } from "../../../functions/storage/aws/dynamodb/segment-index.ts"
import { createTable } from "../../../functions/storage/aws/dynamodb/table.ts"
import { createBucket } from "../../../functions/storage/aws/s3/bucket.ts"
import { createS3Client } from "../../../functions/storage/aws/s3/client.ts"
import { createS3ObjectStore } from "../../../functions/storage/aws/s3/object-store.ts"
import { apiService, type Service, type ServiceParts, storageOf } from "../../aws/api-service.ts"
import { startDynamoDbLocal } from "../../aws/dynamodb-local.ts"
import { startS3Server } from "../../aws/s3-server.ts"
import { Meter } from "./meter.ts"

export interface Instance {
  readonly deps: PartitionsDeps
  readonly log: PartitionLog
  /** Moves all that lies in pages into segments, and deletes the pages and what was placed. */
  tier(partition: PartitionRef): Promise<void>
}

export interface Stage {
  readonly meter: Meter
  readonly objects: ObjectStore
  readonly segments: SegmentIndex
  /** A log instance that shares nothing with others, as a process of its own. */
  open(settings?: Partial<PartitionSettings>): Instance
  /** The HTTP API as a function of its own serves it. */
  serve(): Service
  /** What keeps house, as a function of its own runs it. */
  upkeep(): Upkeep
  /** A new topic's only partition. */
  newPartition(): Promise<PartitionRef>
}

export interface Endpoints {
  readonly dynamoDb: string
  readonly s3: string
  stop(): Promise<void>
}

const anybody = { accessKeyId: "local", secretAccessKey: "local" }

/** `detail` says why where there is no DynamoDB and none can be started. */
export async function startEndpoints(): Promise<Endpoints | { readonly detail: string }> {
  const given = { dynamoDb: process.env["AWS_ENDPOINT_URL_DYNAMODB"], s3: process.env["AWS_ENDPOINT_URL_S3"] }
  const local = given.dynamoDb ? undefined : await startDynamoDbLocal()
  if (local?.kind === "missing") return { detail: local.detail }
  const s3 = given.s3 ? undefined : await startS3Server()
  return {
    dynamoDb: local?.endpoint ?? given.dynamoDb ?? "",
    s3: s3?.endpoint ?? given.s3 ?? "",
    stop: async () => {
      await Promise.all([local?.stop(), s3?.stop()])
    },
  }
}

/** What a stage stands on. Its clients are watched by its meter. */
export interface StageParts extends ServiceParts {
  readonly meter: Meter
}

export async function openStage(endpoints: Pick<Endpoints, "dynamoDb" | "s3">): Promise<Stage & { close(): void }> {
  const meter = new Meter()
  const name = `stratalog-cost-${randomUUID()}`
  const access = { region: "us-east-1", credentials: anybody }
  const clients = createDynamoDbClients({ ...access, endpoint: endpoints.dynamoDb, adapt: meter.watchDynamoDb })
  const client = createS3Client({ ...access, endpoint: endpoints.s3, adapt: meter.watchS3 })
  await createTable(clients.repeating, name)
  await createBucket(client, name)
  const close = () => {
    clients.destroy()
    client.destroy()
  }
  return { ...stageOn({ meter, clients, table: name, client, bucket: name }), close }
}

export function stageOn({ meter, clients, table, client, bucket }: StageParts): Stage {
  const index = createPartitionIndex({ clients, table })
  const segments = createSegmentIndex({ clients, table })
  const objects = createS3ObjectStore({ client, bucket })
  const codecs = nativeCodecs()
  return {
    meter,
    objects,
    segments,
    open(settings = {}) {
      const deps = partitionsDeps({ index, sizes: indexSizes, objects, segments }, { codecs, settings })
      const log = createIndexedLog(deps)
      const upkeep: UpkeepDependencies = {
        objects,
        index: segments,
        recent: createRecentLog(deps),
        log,
        codecs,
        keyHash: (key) => createHash("sha256").update(key).digest().subarray(0, 16),
        uniqueName: randomUUID,
        clock: { now: () => Date.now() + OVERDUE_MS },
        settings: upkeepDefaults,
      }
      return { deps, log, tier: (partition) => tierAll(upkeep, partition) }
    },
    serve: () => apiService({ clients, table, client, bucket }, { limits: lambdaLimits }),
    upkeep() {
      const storage = storageOf({ clients, table, client, bucket })
      const unrecorded = ({ detail }: { readonly detail: string }) => {
        throw new Error(detail)
      }
      const parts = { records: storage.upkeepRecords, clock: { now: Date.now }, unrecorded }
      return recordedUpkeep(upkeepService(storage, { codecs }).upkeep, parts)
    },
    async newPartition() {
      const topicId = randomUUID()
      const made = await index.createHeads(topicId, 1)
      if (made.kind === "unavailable") throw new Error(made.detail)
      return { topicId, partition: 0 }
    },
  }
}

/** As long after the appends as even a small rest may stay in pages. */
const OVERDUE_MS = upkeepDefaults.maxTierAgeMs + 60_000

async function tierAll(deps: UpkeepDependencies, partition: PartitionRef): Promise<void> {
  for (;;) {
    const outcome = await tierPartition(deps, partition, topicConfigDefaults)
    if (outcome.kind === "nothing") return
    if (outcome.kind !== "tiered") throw new Error(JSON.stringify(outcome))
  }
}
