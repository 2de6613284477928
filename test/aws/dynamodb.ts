/** Suites that need DynamoDB: where there is none they are skipped, or fail where CI requires them. */
import { randomUUID } from "node:crypto"
import { DeleteTableCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb"
import { describe, inject, it } from "vitest"
import type { StorageObserver } from "../../functions/log/storage-observer.ts"
import { createDynamoDbClients, type DynamoDbClients } from "../../functions/storage/aws/dynamodb/client.ts"
import { createTable } from "../../functions/storage/aws/dynamodb/table.ts"
import type { DynamoDbForTests } from "./global-setup.ts"

const found = await find()

export interface TemporaryTable {
  readonly clients: DynamoDbClients
  readonly table: string
  dispose(): Promise<void>
}

/** A `describe` for what runs on DynamoDB. */
export function describeOnDynamoDb(name: string, suite: () => void): void {
  if (found.kind === "endpoint") {
    describe(name, suite)
  } else if (process.env["CI"] === "true") {
    describe(name, () => {
      it("needs DynamoDB Local", () => {
        throw new Error(found.detail)
      })
    })
  } else {
    describe.skip(`${name} (no DynamoDB: ${found.detail})`, suite)
  }
}

/** Throws where there is none. */
export function dynamoDbEndpoint(): string {
  if (found.kind === "missing") throw new Error(found.detail)
  return found.endpoint
}

/**
 * Of many new connections at once DynamoDB Local takes some fifty; the system tries the others again after 1 s, 3 s, 7 s. And
 * a machine that is busy with other tests lets an answer wait.
 */
const timeouts = { connectionMs: 20_000, requestMs: 30_000 }

/** Clients of the endpoint in use; `adapt` may add middleware to each. */
export function clientsForTests(adapt?: (client: DynamoDBClient) => void, observer?: StorageObserver): DynamoDbClients {
  const endpoint = dynamoDbEndpoint()
  // DynamoDB Local takes any credentials, but not none.
  const anybody = process.env["AWS_ACCESS_KEY_ID"] === undefined
  return createDynamoDbClients({
    endpoint,
    region: process.env["AWS_REGION"] ?? "us-east-1",
    timeouts,
    ...(anybody ? { credentials: { accessKeyId: "local", secretAccessKey: "local" } } : {}),
    ...(adapt === undefined ? {} : { adapt }),
    ...(observer === undefined ? {} : { observer }),
  })
}

/** An empty table of the suite's own. */
export async function temporaryTable(
  adapt?: (client: DynamoDBClient) => void,
  observer?: StorageObserver,
): Promise<TemporaryTable> {
  const clients = clientsForTests(adapt, observer)
  const table = `stratalog-test-${randomUUID()}`
  await createTable(clients.repeating, table)
  const dispose = async () => {
    clients.destroy()
    // DynamoDB Local has closed by now what was not used for a while, and each attempt would meet another such connection.
    const fresh = clientsForTests()
    await fresh.repeating.send(new DeleteTableCommand({ TableName: table }))
    fresh.destroy()
  }
  return { clients, table, dispose }
}

async function find(): Promise<DynamoDbForTests> {
  const endpoint = process.env["AWS_ENDPOINT_URL_DYNAMODB"]
  if (endpoint !== undefined && endpoint !== "") return { kind: "endpoint", endpoint }
  const response = await fetch(inject("dynamoDbDoor"))
  const answer = (await response.json()) as Record<string, unknown>
  return answer["kind"] === "started"
    ? { kind: "endpoint", endpoint: String(answer["endpoint"]) }
    : { kind: "missing", detail: String(answer["detail"]) }
}
