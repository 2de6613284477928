/** The CDK's command against a LocalStack that runs. */
import { spawnSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

const REGION = "us-east-1"

export function localStackEndpoint(): string {
  return `http://127.0.0.1:${process.env["STRATALOG_LOCALSTACK_PORT"] || "4566"}`
}

/** Says how to start it where it does not run. */
export async function isUp(endpoint: string): Promise<boolean> {
  const answer = await fetch(`${endpoint}/_localstack/health`).catch(() => undefined)
  if (answer?.ok === true) return true
  console.error(`LocalStack does not answer at ${endpoint}: start it with npm run localstack.`)
  return false
}

/** What the stacks tell, by their names; undefined where it failed, which the CDK has said then. */
export function deploy(endpoint: string, ...args: readonly string[]): unknown {
  const folder = mkdtempSync(join(tmpdir(), "stratalog-deploy-"))
  try {
    const outputs = join(folder, "outputs.json")
    if (!cdk(endpoint, "bootstrap", `aws://000000000000/${REGION}`, "--quiet")) return undefined
    const deployed = cdk(endpoint, "deploy", "--all", "--require-approval", "never", "--outputs-file", outputs, ...args)
    return deployed ? JSON.parse(readFileSync(outputs, "utf8")) : undefined
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** LocalStack runs functions on the processor that it runs on itself. */
export function architecture(): "arm64" | "x86_64" {
  return process.arch === "arm64" ? "arm64" : "x86_64"
}

/** The CLI finds LocalStack by the variables that the SDKs know, and must not find an account by others. */
function cdk(endpoint: string, ...args: readonly string[]): boolean {
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
