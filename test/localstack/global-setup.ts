/** Where the deployment is: the one that `npm run test:localstack` made, or one that is made now on a LocalStack that runs. */
import type { TestProject } from "vitest/node"
import { localStackEndpoint } from "../../tools/localstack/cdk.ts"
import { functionProcesses } from "../../tools/localstack/function-processes.ts"
import { deployStratalog } from "../../tools/localstack/stratalog.ts"
import type { Deployed } from "../../tools/localstack/urls.ts"
import { CHOICES } from "./choices.ts"

/** What `npm run test:localstack` tells, in JSON. */
export const DEPLOYED_VARIABLE = "STRATALOG_TEST_DEPLOYMENT"

export interface DeploymentUnderTest extends Deployed {
  /** Of LocalStack, without a slash at its end. */
  readonly endpoint: string
  /** Tests may kill them; not where LocalStack runs in Docker. */
  readonly functionsAreProcesses: boolean
}

declare module "vitest" {
  export interface ProvidedContext {
    readonly deployment: DeploymentUnderTest
  }
}

export default async function setup(project: TestProject): Promise<void> {
  const endpoint = localStackEndpoint()
  const told = process.env[DEPLOYED_VARIABLE]
  const deployed = told === undefined ? await deployStratalog(endpoint, ...CHOICES) : JSON.parse(told)
  if (deployed === undefined) throw new Error("Nothing was deployed.")
  await fetch(`${deployed.api}/v1/limits`)
  const functionsAreProcesses = functionProcesses(endpoint).length > 0
  if (!functionsAreProcesses) {
    console.error(
      "\nFUNCTIONS ARE NOT KILLED: they are no processes of this machine (LocalStack in Docker, or no Linux)\n",
    )
  }
  project.provide("deployment", { ...deployed, endpoint, functionsAreProcesses })
}
