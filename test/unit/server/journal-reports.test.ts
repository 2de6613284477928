/** An operator learns from log and metrics that the journal's disk fails, and that it works again. */
import { mkdtemp, rename, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { journalReports } from "../../../functions/server/journal-reports.ts"
import { startTestServer } from "../../../functions/server/testing.ts"

type Line = Readonly<Record<string, unknown>>

let dataDir: string
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "stratalog-journal-reports-"))
})
afterAll(() => rm(dataDir, { recursive: true, force: true }))

describe("a server whose journal's folder is gone", () => {
  it("says so once, counts it, and says when appends succeed again, without a new start", async () => {
    const said: Line[] = []
    await using server = await startTestServer({
      dataDir,
      journalFileBytes: 65_536,
      report: (event) => void said.push(event),
    })
    const append = async () => {
      const body = JSON.stringify({ records: [{ value: "x".repeat(40_000) }] })
      const headers = { "content-type": "application/json" }
      return fetch(`${server.url}/v1/topics/t/partitions/0/records`, { method: "POST", headers, body })
    }
    const failures = async () => {
      const page = await (await fetch(`${server.url}/metrics`)).text()
      return Number(/^stratalog_journal_failures_total (\d+)$/m.exec(page)?.[1])
    }
    const headers = { "content-type": "application/json" }
    await fetch(`${server.url}/v1/topics/t`, { method: "PUT", headers, body: '{"partitions":1}' })
    expect(await failures()).toBe(0)
    await rename(join(dataDir, "journal"), join(dataDir, "gone"))
    const statuses: number[] = []
    while (statuses.filter((status) => status === 503).length < 3) statuses.push((await append()).status)
    await rename(join(dataDir, "gone"), join(dataDir, "journal"))
    expect((await append()).status).toBe(200)
    expect(said.filter(({ event }) => String(event).startsWith("appends_"))).toMatchObject([
      {
        level: "error",
        event: "appends_refused",
        detail: expect.stringContaining("a new journal file could not be made"),
      },
      { level: "info", event: "appends_succeed_again" },
    ])
    expect(await failures()).toBeGreaterThanOrEqual(3)
  })
})

describe("what the journal tells", () => {
  it("of a disk that is full is said once, and of a process that ends nothing", () => {
    const said: Line[] = []
    const tell = journalReports((event) => void said.push(event))
    const refused = (reason: "storage_full" | "closing") =>
      tell({ kind: "refused", failure: { kind: "unavailable", reason, sideEffects: "none", detail: reason } })
    const flush = () => tell({ kind: "flush", entries: 1, bytes: 1, milliseconds: 1 })
    flush()
    refused("storage_full")
    refused("storage_full")
    flush()
    refused("closing")
    flush()
    tell({ kind: "failure", during: "removing a file", error: new Error("EIO") })
    expect(said).toEqual([
      { level: "error", event: "appends_refused", reason: "storage_full", detail: "storage_full" },
      { level: "info", event: "appends_succeed_again" },
      {
        level: "error",
        event: "journal_failed",
        during: "removing a file",
        error: expect.stringContaining("Error: EIO"),
      },
    ])
  })
})
