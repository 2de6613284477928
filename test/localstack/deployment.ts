/** What a test has of the deployment. */
import { randomUUID } from "node:crypto"
import { Stratalog } from "stratalog"
import { inject } from "vitest"
import { type LocalAws, localAws } from "../../tools/localstack/aws.ts"
import { type FunctionProcess, functionProcesses, signal } from "../../tools/localstack/function-processes.ts"
import { functionsOf, isUpkeep } from "../../tools/localstack/functions.ts"
import { type Answer, httpClient } from "../conformance/http.ts"
import { recordsOf } from "../e2e/example-server.ts"

export const deployment = inject("deployment")
export const aws: LocalAws = localAws(deployment.endpoint)
export const log = new Stratalog({ url: deployment.api })
/** Without retries: one request is one invocation. */
export const http = httpClient(deployment.api)

export function post(path: string, body: unknown): Promise<Answer> {
  const headers = { "content-type": "application/json" }
  return http.send({ method: "POST", path, headers, body: JSON.stringify(body) })
}

/** The values of all records of a topic, each partition in its order. */
export async function valuesIn(topic: string): Promise<readonly unknown[]> {
  return (await recordsOf(log.topic(topic))).map(({ value }) => value)
}

/** Names of topics and groups that no other test has. */
export function newName(what: string): string {
  return `${what}-${randomUUID()}`
}

/** Environments of the functions that serve the API. */
export async function servingProcesses(): Promise<readonly FunctionProcess[]> {
  const serving = (await functionsOf(aws, deployment.table)).filter((each) => !isUpkeep(each))
  const names = serving.map(({ name }) => name)
  return functionProcesses(deployment.endpoint).filter(({ functionName }) => names.includes(functionName))
}

export async function killAll(): Promise<number> {
  return (await servingProcesses()).filter((each) => signal(each, "SIGKILL")).length
}
