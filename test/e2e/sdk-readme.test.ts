/** The examples of the client's README run as they stand, one after another, against a real server. */
import { execFile } from "node:child_process"
import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { build } from "esbuild"
import { type RunningServer, startServer } from "stratalog-server"
import { afterAll, beforeAll, expect, it } from "vitest"

const root = fileURLToPath(new URL("../..", import.meta.url))
const DEFAULT_URL = "http://127.0.0.1:8080"

let directory: string
let server: RunningServer

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "stratalog-readme-"))
  server = await startServer({ dataDir: join(directory, "data"), port: 0 })
})

afterAll(async () => {
  await server.close()
  await rm(directory, { recursive: true, force: true })
})

it("the README's examples do what they say", async () => {
  const readme = await readFile(join(root, "sdk/README.md"), "utf8")
  const examples = [...readme.matchAll(/```ts\n(.*?)```/gs)].map((match) => match[1])
  expect(examples.length).toBeGreaterThan(3)
  const script = join(directory, "readme.mjs")
  await build({
    stdin: {
      contents: examples.join("\n").replace(DEFAULT_URL, server.url),
      resolveDir: join(root, "test"),
      loader: "ts",
    },
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    conditions: ["source"],
    outfile: script,
    logLevel: "error",
  })
  const { stdout } = await promisify(execFile)(process.execPath, [script], { timeout: 20_000 })
  const [read, followed, ...rest] = stdout.split("\n")
  expect(read).toMatch(/^\d 0 u1 2$/)
  expect(followed).toBe("0 2")
  expect(rest.join("\n")).toContain("partition: 0")
})
