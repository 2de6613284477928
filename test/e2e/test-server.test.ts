// What an application's own tests start.
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Stratalog } from "stratalog"
import { startTestServer } from "stratalog-server/testing"
import { describe, expect, it } from "vitest"

async function valuesOf(url: string): Promise<unknown[]> {
  const values: unknown[] = []
  for await (const { value } of new Stratalog({ url }).topic("orders").read()) values.push(value)
  return values
}

async function produceTo(url: string, value: string): Promise<void> {
  const log = new Stratalog({ url })
  await log.topics.create("orders", { partitions: 1 })
  await log.topic("orders").produce({ value })
}

describe("a server for tests", () => {
  it("is a real one, and several run beside each other", async () => {
    await using first = await startTestServer()
    await using second = await startTestServer()
    await produceTo(first.url, "to the first")
    await produceTo(second.url, "to the second")
    expect(await valuesOf(first.url)).toEqual(["to the first"])
    expect(await valuesOf(second.url)).toEqual(["to the second"])
  })

  it("takes limits of the test's own, and tells them", async () => {
    await using server = await startTestServer({ maxWaitMs: 50 })
    const log = new Stratalog({ url: server.url })
    expect((await log.limits()).maxWaitMs).toBe(50)
    await log.topics.create("orders", { partitions: 1 })
    // Were it not cut short, this would take longer than the test may.
    expect((await log.topic("orders").fetch(0, { wait: 3_600_000 })).records).toEqual([])
  })

  it("leaves nothing behind", async () => {
    const before = new Set(readdirSync(tmpdir()))
    const server = await startTestServer()
    await produceTo(server.url, "gone")
    const made = readdirSync(tmpdir()).filter((name) => name.startsWith("stratalog-test-") && !before.has(name))
    expect(made.length).toBeGreaterThan(0)
    await server.close()
    await expect(fetch(`${server.url}/v1/health`)).rejects.toThrow()
    // Other tests' servers may run at the same time.
    expect(made.every((name) => existsSync(join(tmpdir(), name)))).toBe(false)
  })

  it("goes on where it was stopped, over a folder of the test's own", async () => {
    const dataDir = mkdtempSync(join(tmpdir(), "stratalog-kept-"))
    try {
      const first = await startTestServer({ dataDir })
      await produceTo(first.url, "kept")
      await first.close()
      await using second = await startTestServer({ dataDir })
      expect(await valuesOf(second.url)).toEqual(["kept"])
    } finally {
      rmSync(dataDir, { recursive: true, force: true })
    }
  })
})
