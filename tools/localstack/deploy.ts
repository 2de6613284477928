/**
 * `npm run localstack:deploy`: the same stack on a LocalStack that runs. Its REST API is the front door, as LocalStack serves
 * that under a plain path: any client reaches it, while few resolve the host names of function URLs there.
 */
import { spawnSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { localStackUrls } from "./urls.ts"

const REGION = "us-east-1"
const endpoint = `http://127.0.0.1:${process.env["STRATALOG_LOCALSTACK_PORT"] || "4566"}`

process.exitCode = await main()

async function main(): Promise<number> {
  if (!(await isUp())) {
    console.error(`LocalStack does not answer at ${endpoint}: start it with npm run localstack.`)
    return 1
  }
  const folder = mkdtempSync(join(tmpdir(), "stratalog-deploy-"))
  try {
    const outputs = join(folder, "outputs.json")
    if (!cdk("bootstrap", `aws://000000000000/${REGION}`, "--quiet")) return 1
    if (!cdk("deploy", "--require-approval", "never", "--outputs-file", outputs, ...choices())) return 1
    const { api, table, bucket } = localStackUrls(JSON.parse(readFileSync(outputs, "utf8")), endpoint)
    console.log(`\nStratalog on LocalStack: ${api}\n  table ${table}, bucket ${bucket}\n\nTry it:\n`)
    console.log(`  curl -X PUT ${api}/v1/topics/orders --json '{"partitions":3}'`)
    return 0
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** LocalStack does not check who calls. It runs functions on the processor that it runs on itself. */
function choices(): readonly string[] {
  const architecture = process.arch === "arm64" ? "arm64" : "x86_64"
  return ["-c", "auth=none", "-c", "frontDoor=rest-api", "-c", `architecture=${architecture}`]
}

async function isUp(): Promise<boolean> {
  const answer = await fetch(`${endpoint}/_localstack/health`).catch(() => undefined)
  return answer?.ok === true
}

/** The CLI finds LocalStack by the variables that the SDKs know, and must not find an account by others. */
function cdk(...args: readonly string[]): boolean {
  const { AWS_PROFILE, AWS_SESSION_TOKEN, ...environment } = process.env
  const env = {
    ...environment,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ENDPOINT_URL_S3: endpoint,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
  }
  const { status, error } = spawnSync("cdk", args, { stdio: "inherit", env })
  if (error !== undefined) console.error(`The CDK's command did not start: ${error.message}`)
  return status === 0
}
