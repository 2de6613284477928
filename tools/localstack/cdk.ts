/** The CDK's command against a LocalStack that runs. */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { localAws } from "./aws.ts"
import { unexpectedFallbacks } from "./fallbacks.ts"
import { stacksOn } from "./stacks.ts"

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

/** What the stacks tell, by their names; undefined where it failed, which has been said then. */
export async function deploy(endpoint: string, ...args: readonly string[]): Promise<unknown> {
  using folder = temporaryFolder()
  const outputs = join(folder.path, "outputs.json")
  if (!(await bootstrap(endpoint))) return undefined
  const options = ["--all", "--require-approval", "never", "--outputs-file", outputs, "--output", folder.path]
  if (!(await cdk(endpoint, "deploy", ...options, ...args))) return undefined
  const missing = await unexpectedFallbacks(localAws(endpoint))
  for (const each of missing) console.error(`LocalStack says that it made what it does not know: ${each}`)
  return missing.length > 0 ? undefined : JSON.parse(readFileSync(outputs, "utf8"))
}

async function bootstrap(endpoint: string): Promise<boolean> {
  if ((await stacksOn(localAws(endpoint))).includes("CDKToolkit")) return true
  return cdk(endpoint, "bootstrap", `aws://000000000000/${REGION}`)
}

/** `args`: names of stacks, or `--all`, and what they were deployed with. Whether it went well. */
export async function destroy(endpoint: string, ...args: readonly string[]): Promise<boolean> {
  using folder = temporaryFolder()
  return await cdk(endpoint, "destroy", "--force", "--output", folder.path, ...args)
}

/** For what the CDK makes: several at once would be in each other's way. */
function temporaryFolder(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), "stratalog-cdk-"))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

/** LocalStack runs functions on the processor that it runs on itself. */
export function architecture(): "arm64" | "x86_64" {
  return process.arch === "arm64" ? "arm64" : "x86_64"
}

/** The CLI finds LocalStack by the variables that the SDKs know, and must not find an account by others. */
async function cdk(endpoint: string, ...args: readonly string[]): Promise<boolean> {
  const { AWS_PROFILE, AWS_SESSION_TOKEN, ...environment } = process.env
  const env = {
    ...environment,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ENDPOINT_URL_S3: endpoint,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
  }
  const command = spawn("cdk", args, { stdio: "inherit", env })
  const error = await Promise.race([once(command, "close").then(() => undefined), once(command, "error")])
  if (error !== undefined) console.error(`The CDK's command did not start: ${error}`)
  return command.exitCode === 0
}
