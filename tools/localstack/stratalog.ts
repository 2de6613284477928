import { architecture, deploy } from "./cdk.ts"
import { type Deployed, localStackUrls } from "./urls.ts"

/**
 * Deploys Stratalog. Its REST API is the front door, as LocalStack serves that under a plain path: any client reaches it, while
 * few resolve the host names of function URLs there. LocalStack does not check who calls.
 */
export function deployStratalog(endpoint: string, ...choices: readonly string[]): Deployed | undefined {
  const needed = ["-c", "auth=none", "-c", "frontDoor=rest-api", "-c", `architecture=${architecture()}`]
  const outputs = deploy(endpoint, ...needed, ...choices)
  return outputs === undefined ? undefined : localStackUrls(outputs, endpoint)
}
