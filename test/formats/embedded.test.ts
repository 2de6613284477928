/** A data directory that the former format's last version wrote, opened by this one. */
import { cp, mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { openEmbeddedService } from "./embedded-service.ts"
import { fixturePaths, loadExpected } from "./fixture.ts"
import { groupGoesOn, limitsHold, producersGoOn, readsTheSame, upkeepGoesOn } from "./goes-on.ts"

/** It asks for much, on a machine that may be busy. */
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

describe("a data directory of format 1", () => {
  const { root, dataDirectory } = fixturePaths(1)
  let directory: string

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "stratalog-format-"))
    await cp(dataDirectory, directory, { recursive: true })
  })
  afterEach(() => rm(directory, { recursive: true }))

  it("is read byte for byte, and goes on: producers, fences, groups, upkeep, and all of it after a restart", async () => {
    const expected = await loadExpected(root, "embedded")
    const first = await openEmbeddedService(directory)
    expect(await readFile(join(directory, "format"), "utf8")).toBe("1 0.1.0\n")
    await readsTheSame(first, expected)
    await limitsHold(first)
    await producersGoOn(first, expected)
    await groupGoesOn(first, expected)
    await upkeepGoesOn(first, expected)
    await first.close()
    const second = await openEmbeddedService(directory)
    await limitsHold(second)
    await upkeepGoesOn(second, expected)
    await second.close()
  })

  it("is read byte for byte after upkeep, too", async () => {
    const expected = await loadExpected(root, "embedded")
    const service = await openEmbeddedService(directory)
    await upkeepGoesOn(service, expected)
    await limitsHold(service)
    await producersGoOn(service, expected)
    await service.close()
  })
})
