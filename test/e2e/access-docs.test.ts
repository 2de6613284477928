/** The walk of docs/access.md, as it stands there, against a server that asks for keys. */
import { execFile } from "node:child_process"
import { readFileSync } from "node:fs"
import { promisify } from "node:util"
import { startTestServer } from "stratalog-server/testing"
import { expect, it } from "vitest"

const written = readFileSync(new URL("../../docs/access.md", import.meta.url), "utf8")

/** Every call tells its status, past what takes its answer. */
const PRELUDE = `
set -euo pipefail
curl() { command curl -s -w '%{stderr}status %{http_code}\\n' "$@"; }
`

it("the walk answers what it says", { timeout: 120_000 }, async () => {
  await using server = await startTestServer({ auth: "required" })
  const section = /## A walk\n(.*?)\n## /s.exec(written)?.[1] ?? ""
  const script = [...section.matchAll(/```sh\n(.*?)```/gs)].map((match) => match[1]).join("\n")
  const expected = [...script.matchAll(/# (\d{3})$/gm)].map((match) => match[1])
  expect(expected.length).toBeGreaterThan(15)
  const env = { PATH: process.env["PATH"], URL: server.url, STRATALOG_API_KEY: server.superKey }
  const run = await promisify(execFile)("bash", ["-c", PRELUDE + script], { env, timeout: 100_000 })
  const statuses = [...run.stderr.matchAll(/^status (\d{3})$/gm)].map((match) => match[1])
  // The one that makes the key says nothing: its answer is taken.
  expect(statuses.toSpliced(3, 1)).toEqual(expected)
  expect(statuses[3]).toBe("201")
  expect(run.stdout).toContain('"principal":"User:shop","superUser":false')
})
