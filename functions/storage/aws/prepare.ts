/** Finds out, before a server begins, whether it can reach and use its table and its bucket, and makes them if asked to. */
import { NewerFormat } from "../../log/newer-format.ts"
import { createDynamoDbClients, type DynamoDbClients, type DynamoDbOptions } from "./dynamodb/client.ts"
import { unavailableReading } from "./dynamodb/failures.ts"
import { checkTable, checkTopics, createTable } from "./dynamodb/table.ts"
import { checkBucket, createBucket } from "./s3/bucket.ts"
import { createS3Client, type S3Options } from "./s3/client.ts"

export interface PrepareOptions {
  readonly table: string
  readonly bucket: string
  /** Make what is missing. */
  readonly create: boolean
  readonly dynamoDb: DynamoDbOptions
  readonly s3: S3Options
}

export type Prepared =
  | { readonly kind: "usable" }
  | { readonly kind: "unusable" /** A sentence for whoever starts the server. */; readonly detail: string }

const USABLE: Prepared = { kind: "usable" }

export async function prepareStorage(options: PrepareOptions): Promise<Prepared> {
  const dynamoDb = createDynamoDbClients(options.dynamoDb)
  const s3 = createS3Client(options.s3)
  try {
    const access = await checkAccess(dynamoDb)
    if (access.kind === "unusable") return access
    const table = await prepareTable(dynamoDb, options)
    if (table.kind === "unusable") return table
    return options.create ? await createBucket(s3, options.bucket) : await checkBucket(s3, options.bucket)
  } finally {
    dynamoDb.destroy()
    s3.destroy()
  }
}

/** Asked one by one: what a call says that misses either is for those who know the SDK. */
async function checkAccess({ repeating }: DynamoDbClients): Promise<Prepared> {
  const { region, credentials } = repeating.config
  try {
    await region()
  } catch {
    return unusable("There is no AWS region: set AWS_REGION, or the region of a profile in ~/.aws/config.")
  }
  try {
    await credentials()
  } catch {
    return unusable(
      "There are no AWS credentials: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (for LocalStack and the like any will do).",
    )
  }
  return USABLE
}

async function prepareTable({ repeating }: DynamoDbClients, { table, create }: PrepareOptions): Promise<Prepared> {
  try {
    if (create) await createTable(repeating, table)
    const checked = await checkTable(repeating, table)
    if (checked.kind === "usable") await checkTopics(repeating, table)
    return checked
  } catch (error) {
    if (error instanceof NewerFormat) return unusable(error.message)
    return unusable(`The DynamoDB table ${table} cannot be asked for: ${unavailableReading(error).detail}`)
  }
}

function unusable(detail: string): Prepared {
  return { kind: "unusable", detail }
}
