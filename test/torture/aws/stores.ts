/** A DynamoDB and an S3 that outlive the servers, and what it takes to reach them. */
import type { S3Client } from "@aws-sdk/client-s3"
import { createDynamoDbClients, type DynamoDbClients } from "../../../functions/storage/aws/dynamodb/client.ts"
import { createS3Client } from "../../../functions/storage/aws/s3/client.ts"
import { startDynamoDbLocal } from "../../aws/dynamodb-local.ts"
import { startS3Server } from "../../aws/s3-server.ts"

/** Endpoints. */
export interface Stores {
  readonly dynamoDb: string
  readonly s3: string
}

export interface StartedStores extends Stores {
  stop(): Promise<void>
}

/** `dynamoDb`: one that runs already. Throws where there is none. */
export async function startStores(dynamoDb?: string): Promise<StartedStores> {
  const started = dynamoDb === undefined ? await startDynamoDbLocal() : undefined
  if (started?.kind === "missing") throw new Error(`DynamoDB Local needs Java 17: ${started.detail}`)
  const s3 = await startS3Server()
  return {
    dynamoDb: dynamoDb ?? started?.endpoint ?? "",
    s3: s3.endpoint,
    stop: async () => {
      await s3.stop()
      await started?.stop()
    },
  }
}

const credentials = { accessKeyId: "torture", secretAccessKey: "torture" }
const region = "us-east-1"

export function clientsOf({ dynamoDb, s3 }: Stores): {
  readonly dynamoDb: DynamoDbClients
  readonly s3: S3Client
  destroy(): void
} {
  const clients = createDynamoDbClients({ endpoint: dynamoDb, region, credentials })
  const s3Client = createS3Client({ endpoint: s3, region, credentials })
  return {
    dynamoDb: clients,
    s3: s3Client,
    destroy: () => {
      clients.destroy()
      s3Client.destroy()
    },
  }
}

/** For a server: these endpoints, and nothing of the machine's own settings. */
export function environmentOf({ dynamoDb, s3 }: Stores): Readonly<Record<string, string | undefined>> {
  return {
    AWS_ENDPOINT_URL_DYNAMODB: dynamoDb,
    AWS_ENDPOINT_URL_S3: s3,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_PROFILE: undefined,
  }
}
