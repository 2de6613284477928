/**
 * One DynamoDB Local for all test files of a run, started when the first of them asks: a run that has no such file pays
 * nothing. Test files live in processes of their own, so they ask by HTTP.
 */
import { once } from "node:events"
import { createServer } from "node:http"
import type { TestProject } from "vitest/node"
import { type StartedDynamoDb, startDynamoDbLocal } from "./dynamodb-local.ts"

declare module "vitest" {
  export interface ProvidedContext {
    /** Where a test file asks for DynamoDB; the answer is a `DynamoDbForTests`. */
    readonly dynamoDbDoor: string
  }
}

/** An endpoint, or why there is none. */
export type DynamoDbForTests =
  | { readonly kind: "endpoint"; readonly endpoint: string }
  | { readonly kind: "missing"; readonly detail: string }

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let starting: Promise<StartedDynamoDb> | undefined
  const door = createServer((_request, response) => {
    starting ??= start()
    starting.then(
      (started) => response.end(JSON.stringify(started)),
      (error: unknown) => response.end(JSON.stringify({ kind: "missing", detail: String(error) })),
    )
  })
  door.listen(0, "127.0.0.1")
  await once(door, "listening")
  const address = door.address()
  if (address === null || typeof address === "string") throw new Error("the door has no port")
  project.provide("dynamoDbDoor", `http://127.0.0.1:${address.port}`)
  return async () => {
    door.close()
    door.closeAllConnections()
    const started = await starting?.catch(() => undefined)
    if (started?.kind === "started") await started.stop()
  }
}

async function start(): Promise<StartedDynamoDb> {
  const started = await startDynamoDbLocal()
  if (started.kind === "missing") {
    console.error(
      `\nDYNAMODB IS NOT TESTED: DynamoDB Local needs Java 17 on the PATH, or set AWS_ENDPOINT_URL_DYNAMODB (${started.detail})\n`,
    )
  }
  return started
}
