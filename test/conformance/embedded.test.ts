/** The conformance suite against the embedded server, in a process of its own. */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { limits } from "stratalog/protocol"
import { afterAll, beforeAll, describe, it } from "vitest"
import { type ServerProcess, spawnServer } from "../torture/server-process.ts"
import { cases } from "./cases/index.ts"
import type { Target } from "./context.ts"
import { openTarget, runCase } from "./run.ts"

describe("the embedded server keeps the contract", () => {
  let dataDir: string
  let server: ServerProcess
  let target: Target

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), "stratalog-conformance-"))
    server = spawnServer({ dataDir })
    const url = await server.ready
    if (url === undefined) throw new Error(`the server did not start: ${server.output()}`)
    target = await openTarget(url)
  })

  afterAll(async () => {
    target.client.close()
    await server.kill()
    await rm(dataDir, { recursive: true, force: true })
  })

  cases.forEach((each, number) => {
    if (each.unless?.({ limits, gateway: false, access: "off" }) !== undefined) return
    it(each.name, () => runCase(target, each, number))
  })
})
