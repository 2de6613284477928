/** A server whose output nobody reads any more. */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, expect, it } from "vitest"

const folder = mkdtempSync(join(tmpdir(), "stratalog-closed-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it("ends in order when it is told to", async () => {
  const args = ["--conditions=source", "functions/server/start.ts", "--port", "0", "--data-dir", join(folder, "log")]
  const child = spawn(process.execPath, args, {
    cwd: new URL("../..", import.meta.url),
    env: { ...process.env, NODE_NO_WARNINGS: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  })
  let said = ""
  child.stderr.on("data", (chunk: Buffer) => {
    said += chunk.toString()
  })
  const closed = once(child, "close")
  await once(child.stdout, "data")
  child.stdout.destroy()
  child.kill("SIGTERM")
  expect(await closed).toEqual([0, null])
  expect(said).toBe("")
})
