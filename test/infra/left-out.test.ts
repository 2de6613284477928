/** Where a function's AWS clients find credentials, as they are bundled: what is left out may not be missed. */
import { execFile } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { createServer } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import { afterAll, expect, it } from "vitest"
import { bundleOptions } from "../../infra/bundle.ts"
import { buildStraight } from "../../infra/esbuild/build.ts"
import { listenOnLoopback } from "../aws/loopback-server.ts"

const folder = mkdtempSync(join(tmpdir(), "stratalog-left-out-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

buildStraight({
  ...bundleOptions,
  stdin: {
    contents: `
      import { DynamoDBClient } from "@aws-sdk/client-dynamodb"
      const client = new DynamoDBClient({ region: "eu-central-1" })
      client.config.credentials().then(
        ({ accessKeyId, sessionToken }) => console.log(accessKeyId, sessionToken),
        (error) => console.log(error.message),
      )`,
    resolveDir: join(import.meta.dirname, "../../functions"),
  },
  outdir: folder,
  entryNames: "index",
})

/** What the client finds in a process that has nothing but this environment. */
async function found(env: NodeJS.ProcessEnv): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [join(folder, "index.mjs")], { env })
  return stdout.trim()
}

it("in the environment, as a function has them", async () => {
  const env = { AWS_ACCESS_KEY_ID: "AKIAFUNCTION", AWS_SECRET_ACCESS_KEY: "secret", AWS_SESSION_TOKEN: "token" }
  expect(await found(env)).toBe("AKIAFUNCTION token")
})

it("or where the environment points to", async () => {
  const { endpoint, stop } = await listenOnLoopback(
    createServer((request, response) => {
      const known = request.headers.authorization === "of-this-environment"
      const Expiration = "2099-01-01T00:00:00Z"
      response.writeHead(known ? 200 : 403, { "content-type": "application/json" })
      response.end(JSON.stringify({ AccessKeyId: "AKIAPOINTED", SecretAccessKey: "s", Token: "t", Expiration }))
    }),
  )
  try {
    const env = {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `${endpoint}/credentials`,
      AWS_CONTAINER_AUTHORIZATION_TOKEN: "of-this-environment",
    }
    expect(await found(env)).toBe("AKIAPOINTED t")
  } finally {
    await stop()
  }
})

it("and nowhere else", async () => {
  expect(await found({ AWS_EC2_METADATA_DISABLED: "true" })).toContain("Could not load credentials")
})
