/** Where the deployment is: the one that `npm run test:localstack` made, or one that is made now on a LocalStack that runs. */
import type { TestProject } from "vitest/node"
import { localStackEndpoint } from "../../tools/localstack/cdk.ts"
import { deployStratalog } from "../../tools/localstack/stratalog.ts"
import type { Deployed } from "../../tools/localstack/urls.ts"
import { CHOICES } from "./choices.ts"

/** What `npm run test:localstack` tells, in JSON. */
export const DEPLOYED_VARIABLE = "STRATALOG_TEST_DEPLOYMENT"

export interface DeploymentUnderTest extends Deployed {
  /** Of LocalStack, without a slash at its end. */
  readonly endpoint: string
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
  project.provide("deployment", { ...deployed, endpoint })
}
