/** The HTTP API over the real clients of DynamoDB and S3, with faults between these clients and what they speak to. */
import { randomUUID } from "node:crypto"
import type { S3Client } from "@aws-sdk/client-s3"
import { limits as defaultLimits, type Limits } from "stratalog/protocol"
import { portableCodecs } from "stratalog/record-batch"
import { type IndexedService, indexedService, type ServiceOptions } from "../../functions/compose/indexed-service.ts"
import { createApi, type ExchangeObserver } from "../../functions/http/api.ts"
import { createApp } from "../../functions/http/app.ts"
import type { DynamoDbClients } from "../../functions/storage/aws/dynamodb/client.ts"
import { createGroupStore } from "../../functions/storage/aws/dynamodb/groups/group-store.ts"
import { indexSizes } from "../../functions/storage/aws/dynamodb/index-sizes.ts"
import { createPartitionIndex } from "../../functions/storage/aws/dynamodb/partition-index/partition-index.ts"
import { createProducerIds } from "../../functions/storage/aws/dynamodb/producer-ids.ts"
import { createSegmentIndex } from "../../functions/storage/aws/dynamodb/segment-index.ts"
import { createTopicStore } from "../../functions/storage/aws/dynamodb/topics.ts"
import { createS3ObjectStore } from "../../functions/storage/aws/s3/object-store.ts"
import { clientsForTests, type TemporaryTable, temporaryTable } from "./dynamodb.ts"
import { FaultyDynamoDb } from "./faulty-dynamodb.ts"
import { type FaultyS3, startFaultyS3 } from "./faulty-s3.ts"
import { type S3ForTests, s3ClientFor, startS3ForTests, type TemporaryBucket, temporaryBucket } from "./s3.ts"

export type Service = IndexedService & {
  /** `path` with its query, from `/v1` on. */
  send(method: string, path: string, json?: unknown): Promise<{ status: number; headers: Headers; body: Body }>
}

/** Of an answer: what the test asks for has to be there. */
type Body = Readonly<Record<string, unknown>>

export interface FaultySubject {
  readonly dynamoDb: FaultyDynamoDb
  readonly s3: FaultyS3
  readonly bucket: TemporaryBucket
  /** Meets the faults. */
  readonly service: Service
  /** Another process, which remembers nothing and meets no faults. */
  another(options?: Partial<ServiceOptions>): Service
  /** A new topic of one partition, made without faults. */
  newTopic(): Promise<string>
  dispose(): Promise<void>
}

/** Pauses are short, and an append that gets no answer is given up soon. */
const settings = { appendTimeoutMs: 400, firstBackoffMs: 1, maxBackoffMs: 5 }

export async function faultySubject(limits: Limits = defaultLimits): Promise<FaultySubject> {
  const dynamoDb = new FaultyDynamoDb()
  const table = await temporaryTable()
  const faulty = clientsForTests(dynamoDb.adapt)
  const store: S3ForTests = await startS3ForTests()
  const bucket = await temporaryBucket(store.endpoint)
  const s3 = await startFaultyS3(store.endpoint)
  const faultyS3 = s3ClientFor(s3.endpoint)
  const open = (clients: DynamoDbClients, client: S3Client, options: Partial<ServiceOptions> = {}) => {
    return serviceOf(table, clients, { client, bucket: bucket.bucket }, { limits, ...options })
  }
  const another = (options?: Partial<ServiceOptions>) => open(table.clients, bucket.client, options)
  return {
    dynamoDb,
    s3,
    bucket,
    service: open(faulty, faultyS3),
    another,
    async newTopic() {
      const topic = `t-${randomUUID()}`
      const made = await another().send("PUT", `/v1/topics/${topic}`, { partitions: 1 })
      if (made.status !== 201) throw new Error(JSON.stringify(made.body))
      return topic
    },
    async dispose() {
      faulty.destroy()
      faultyS3.destroy()
      await s3.stop()
      await bucket.dispose()
      await store.stop()
      await table.dispose()
    },
  }
}

const observer: ExchangeObserver = {
  defect: (_route, _requestId, error) => {
    throw error
  },
}

function serviceOf(
  { table }: TemporaryTable,
  clients: DynamoDbClients,
  objects: { readonly client: S3Client; readonly bucket: string },
  options: Partial<ServiceOptions> & { readonly limits: Limits },
): Service {
  const access = { clients, table }
  const service = indexedService(
    {
      index: createPartitionIndex(access),
      sizes: indexSizes,
      segments: createSegmentIndex(access),
      objects: createS3ObjectStore(objects),
      topics: createTopicStore(clients, table),
      groups: createGroupStore(clients, table),
      producers: createProducerIds(clients, table),
    },
    { codecs: portableCodecs(), version: "1.2.3", settings, ...options },
  )
  const app = createApp(createApi(service.deps, observer), { requestId: randomUUID, corsOrigins: [], pages: [] })
  return {
    ...service,
    async send(method, path, json) {
      const headers = { "content-type": "application/json" }
      const init = json === undefined ? { method } : { method, headers, body: JSON.stringify(json) }
      const response = await app.fetch(new Request(`http://localhost${path}`, init))
      const text = await response.text()
      return { status: response.status, headers: response.headers, body: text === "" ? {} : JSON.parse(text) }
    },
  }
}
