/** An S3 for test files: the one that AWS_ENDPOINT_URL_S3 names, or a server of the file's own that speaks its protocol. */
import { randomUUID } from "node:crypto"
import { DeleteBucketCommand, DeleteObjectsCommand, ListObjectVersionsCommand, type S3Client } from "@aws-sdk/client-s3"
import { createBucket } from "../../functions/storage/aws/s3/bucket.ts"
import { createS3Client } from "../../functions/storage/aws/s3/client.ts"
import { startS3Server } from "./s3-server.ts"

export interface S3ForTests {
  readonly endpoint: string
  /** "LocalStack" or such, for the names of suites. */
  readonly name: string
  stop(): Promise<void>
}

export interface TemporaryBucket {
  readonly client: S3Client
  readonly bucket: string
  /** Removes it with what is in it, all versions. */
  dispose(): Promise<void>
}

export async function startS3ForTests(): Promise<S3ForTests> {
  const endpoint = process.env["AWS_ENDPOINT_URL_S3"]
  if (endpoint !== undefined && endpoint !== "") return { endpoint, name: endpoint, stop: async () => undefined }
  return { ...(await startS3Server()), name: "a server in memory" }
}

/** Such servers take any credentials, but not none. */
export function s3ClientFor(endpoint: string): S3Client {
  const anybody = process.env["AWS_ACCESS_KEY_ID"] === undefined
  return createS3Client({
    endpoint,
    region: process.env["AWS_REGION"] ?? "us-east-1",
    ...(anybody ? { credentials: { accessKeyId: "test", secretAccessKey: "test" } } : {}),
  })
}

export async function temporaryBucket(endpoint: string): Promise<TemporaryBucket> {
  const client = s3ClientFor(endpoint)
  const bucket = `stratalog-test-${randomUUID()}`
  const made = await createBucket(client, bucket)
  if (made.kind === "unusable") throw new Error(made.detail)
  const dispose = async () => {
    client.destroy()
    // The server has closed by now what was not used for a while, and each attempt would meet another such connection.
    const fresh = s3ClientFor(endpoint)
    await removeBucket(fresh, bucket)
    fresh.destroy()
  }
  return { client, bucket, dispose }
}

async function removeBucket(client: S3Client, Bucket: string): Promise<void> {
  for (;;) {
    const { Versions = [], DeleteMarkers = [] } = await client.send(new ListObjectVersionsCommand({ Bucket }))
    const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }))
    if (Objects.length === 0) break
    await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: Objects.slice(0, 1_000) } }))
  }
  await client.send(new DeleteBucketCommand({ Bucket }))
}
