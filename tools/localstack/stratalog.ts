import { architecture, deploy, destroy } from "./cdk.ts"
import { type Deployed, localStackUrls } from "./urls.ts"

const NEEDED = ["-c", "auth=none", "-c", "frontDoor=rest-api", "-c", `architecture=${architecture()}`]

/**
 * Deploys Stratalog. Its REST API is the front door, as LocalStack serves that under a plain path: any client reaches it, while
 * few resolve the host names of function URLs there. LocalStack does not check who calls.
 */
export async function deployStratalog(endpoint: string, ...choices: readonly string[]): Promise<Deployed | undefined> {
  const outputs = await deploy(endpoint, ...NEEDED, ...choices)
  return outputs === undefined ? undefined : localStackUrls(outputs, endpoint)
}

/** With the choices that it was deployed with; the CDK wants to see the same app. */
export function destroyStratalog(
  endpoint: string,
  stacks: readonly string[],
  ...choices: readonly string[]
): Promise<boolean> {
  return destroy(endpoint, ...stacks, ...NEEDED, ...choices)
}
