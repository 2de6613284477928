/** The README's commands with keys, as they stand there, against a server that asks for them. */
import { execFile } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { type RunningServer, startServer } from "stratalog-server"
import { afterAll, beforeAll, expect, it } from "vitest"

const root = fileURLToPath(new URL("../..", import.meta.url))

let folder: string
let server: RunningServer
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "stratalog-keys-"))
  server = await startServer({ dataDir: join(folder, "data"), port: 0, auth: "required" })
})
afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

/** `strata` is that of the sources; what fails ends it. */
const prelude = `
set -euo pipefail
strata() { '${process.execPath}' --conditions=source '${root}sdk/cli/main.ts' "$@"; }
`

it("the commands with keys do what they say", { timeout: 120_000 }, async () => {
  const section = /## With keys\n(.*?)\n## /s.exec(readFileSync(`${root}README.md`, "utf8"))?.[1] ?? ""
  const [block = ""] = [...section.matchAll(/```sh\n(.*?)```/gs)].map((match) => match[1])
  const script = block
    .replace(/STRATALOG_URL=\S+/, `STRATALOG_URL=${server.url}`)
    .replace(/STRATALOG_API_KEY=stk_\S+/, `STRATALOG_API_KEY=${server.firstKey}`)
  expect(script).not.toContain("...")
  const env = { PATH: process.env["PATH"], HOME: folder, NODE_NO_WARNINGS: "1" }
  const run = await promisify(execFile)("bash", ["-c", prelude + script], { env, timeout: 100_000 })
  expect(run.stdout).toContain("User:admin (super-user), by key firstkeyfirstkey")
  expect(run.stdout).toContain('"principal":"User:shop","superUser":false')
  expect(run.stdout).toMatch(/Profile billing: \S+ +key [a-z2-7]{16}/)
  expect(run.stdout).toContain('{"qty":2}')
  expect(run.stdout).toMatch(/Revoked [a-z2-7]{16}\n$/)
  // Keys go into variables and files, and are shown by no command.
  expect(run.stdout + run.stderr).not.toMatch(/stk_[a-z2-7]{16}_/)
})
