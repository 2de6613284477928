/** What a test has of the deployment. */
import { randomUUID } from "node:crypto"
import { Stratalog } from "stratalog"
import { inject } from "vitest"
import { type LocalAws, localAws } from "../../tools/localstack/aws.ts"
import { type FunctionProcess, functionProcesses } from "../../tools/localstack/function-processes.ts"
import { functionsOf, upkeepFunctionOf } from "../../tools/localstack/functions.ts"
import { httpClient } from "../conformance/http.ts"

export const deployment = inject("deployment")
export const aws: LocalAws = localAws(deployment.endpoint)
export const log = new Stratalog({ url: deployment.api })
/** Without retries: one request is one invocation. */
export const http = httpClient(deployment.api)

/** Names of topics and groups that no other test has. */
export function newName(what: string): string {
  return `${what}-${randomUUID()}`
}

/** Environments of the functions that serve the API. */
export async function servingProcesses(): Promise<readonly FunctionProcess[]> {
  const { name: upkeep } = await upkeepFunctionOf(aws, deployment.table)
  const names = (await functionsOf(aws, deployment.table)).map(({ name }) => name).filter((name) => name !== upkeep)
  return functionProcesses(deployment.endpoint).filter(({ functionName }) => names.includes(functionName))
}

/** Sends a signal; whether the process was still there. */
export function signal({ pid }: FunctionProcess, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name)
  } catch {
    return false
  }
}

export async function killAll(): Promise<number> {
  return (await servingProcesses()).filter((each) => signal(each, "SIGKILL")).length
}
