/** The HTTP API over the real clients of DynamoDB and S3, with faults between these clients and what they speak to. */
import { randomUUID } from "node:crypto"
import type { S3Client } from "@aws-sdk/client-s3"
import { limits as defaultLimits, type Limits } from "stratalog/protocol"
import type { IndexedOptions } from "../../functions/compose/indexed-service.ts"
import type { DynamoDbClients } from "../../functions/storage/aws/dynamodb/client.ts"
import { apiService, type Service } from "./api-service.ts"
import { clientsForTests, temporaryTable } from "./dynamodb.ts"
import { FaultyDynamoDb } from "./faulty-dynamodb.ts"
import { type FaultyS3, startFaultyS3 } from "./faulty-s3.ts"
import { type S3ForTests, s3ClientFor, startS3ForTests, type TemporaryBucket, temporaryBucket } from "./s3.ts"

export interface FaultySubject {
  readonly dynamoDb: FaultyDynamoDb
  readonly s3: FaultyS3
  readonly bucket: TemporaryBucket
  /** Meets the faults. */
  readonly service: Service
  /** Another process, which remembers nothing and meets no faults. */
  another(options?: Partial<IndexedOptions>): Service
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
  const open = (clients: DynamoDbClients, client: S3Client, options: Partial<IndexedOptions> = {}) => {
    const parts = { clients, table: table.table, client, bucket: bucket.bucket }
    return apiService(parts, { limits, settings, ...options })
  }
  const another = (options?: Partial<IndexedOptions>) => open(table.clients, bucket.client, options)
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
