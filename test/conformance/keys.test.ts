/** What the conformance suite says of API keys and access control lists, against a server that asks for keys. */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { limits } from "stratalog/protocol"
import { afterAll, beforeAll, describe, it } from "vitest"
import { newKey } from "../../functions/server/access/super-key.ts"
import { type ServerProcess, spawnServer } from "../torture/server-process.ts"
import { accessCases } from "./cases/access.ts"
import { keyCases } from "./cases/keys.ts"
import type { Target } from "./context.ts"
import { openTarget, runCase } from "./run.ts"

describe("a server that asks for keys keeps the contract", () => {
  let dataDir: string
  let server: ServerProcess
  let target: Target

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), "stratalog-conformance-"))
    const apiKey = newKey()
    server = spawnServer({ dataDir, args: ["--auth", "required"], env: { STRATALOG_SUPER_KEY: apiKey } })
    const url = await server.ready
    if (url === undefined) throw new Error(`the server did not start: ${server.output()}`)
    target = await openTarget(url, { apiKey })
  })

  afterAll(async () => {
    target.client.close()
    await server.kill()
    await rm(dataDir, { recursive: true, force: true })
  })

  ;[...accessCases, ...keyCases].forEach((each, number) => {
    if (each.unless?.({ limits, gateway: false, access: "key" }) !== undefined) return
    it(each.name, () => runCase(target, each, number))
  })
})
