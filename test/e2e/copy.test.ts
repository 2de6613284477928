/** `strata copy` as a process: killed in the middle, twice at once, and to a front door with the limits of Lambda. */
import { once } from "node:events"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type RunningServer, startServer } from "stratalog-server"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { indexedService } from "../../functions/compose/indexed-service.ts"
import { allEndpoints } from "../../functions/http/endpoints/all.ts"
import { everybody } from "../../functions/lambda/gates.ts"
import { gatewayHandler } from "../../functions/lambda/gateway-handler.ts"
import { lambdaLimits } from "../../functions/lambda/limits.ts"
import { type LogEnd, openLogEnd } from "../../sdk/cli/copy/log-end.ts"
import { encodeBatch } from "../../sdk/record-batch/encode.ts"
import type { RecordInput } from "../../sdk/record-batch/types.ts"
import { codecs, contentOf } from "../fakes/copy-under-test.ts"
import { functionUrl } from "../fakes/front-doors/doors.ts"
import { type Gateway, startGateway } from "../fakes/gateway.ts"
import { indexedInMemory } from "../fakes/indexed-storage.ts"
import { startStrata } from "../fakes/strata-process.ts"
import { openTemporaryStorage, type TemporaryStorage } from "../fakes/temporary-storage.ts"

/** Each command is a process of its own. */
const PATIENCE_MS = 240_000

const strata = (...args: readonly string[]) => startStrata(args)

let directory: string
const servers: RunningServer[] = []
let source: LogEnd | undefined

async function serve(name: string): Promise<RunningServer> {
  const server = await startServer({ dataDir: join(directory, name), port: 0 })
  servers.push(server)
  return server
}

/** Young enough for retention to leave them alone. */
const begun = Date.now()

const record = (n: number, size = 100): RecordInput => ({
  timestamp: begun + n,
  key: Buffer.from(`k${n}`),
  value: Buffer.alloc(size, n),
})

async function fill(end: LogEnd, topic: string, partitions: number, batches: number): Promise<void> {
  await end.log.topics.create(topic, { partitions })
  for (let partition = 0; partition < partitions; partition++) {
    for (let n = 0; n < batches; n++) {
      const batch = encodeBatch({ records: [record(n * 2), record(n * 2 + 1)] }, codecs.crc32c)
      await end.append({ topic, partition }, batch, n * 2)
    }
  }
}

async function expectSame(target: LogEnd, topic: string, partitions: number): Promise<void> {
  if (source === undefined) throw new Error("there is no source")
  for (let partition = 0; partition < partitions; partition++) {
    expect(await contentOf(target, topic, partition)).toEqual(await contentOf(source, topic, partition))
  }
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "strata-copy-"))
  source = await openLogEnd((await serve("source")).url)
  await fill(source, "orders", 3, 300)
  await source.log.group("billing").commit([{ topic: "orders", partition: 1, offset: 77 }])
})
afterAll(async () => {
  for (const server of servers) await server.close()
  await rm(directory, { recursive: true, force: true })
})

describe("strata copy", () => {
  const from = () => ["copy", "--from", source?.url ?? ""]

  it("goes on after kill -9", { timeout: PATIENCE_MS }, async () => {
    const target = await serve("killed")
    const end = await openLogEnd(target.url)
    const copied = async () => {
      const offsets = await end.log
        .topic("orders")
        .offsets()
        .catch(() => [])
      return offsets.reduce((sum, { highWatermark }) => sum + highWatermark, 0)
    }
    const seen: number[] = []
    for (let kills = 0; kills < 2; kills++) {
      const before = await copied()
      const { child, exited } = strata(...from(), "--to", target.url, "--partitions-at-once", "2")
      while (child.exitCode === null && (await copied()) < before + 20);
      child.kill("SIGKILL")
      await exited
      seen.push(await copied())
    }
    expect(seen[0]).toBeGreaterThan(0)
    expect(seen[1]).toBeGreaterThan(seen[0] ?? 0)
    const last = await strata(...from(), "--to", target.url, "--verify", "--json").exited
    expect(last).toMatchObject({ code: 0, stderr: "" })
    const { partitions, groups, verified } = JSON.parse(last.stdout)
    expect(partitions.map(({ end: { target: at } }: { end: { target: number } }) => at)).toEqual([600, 600, 600])
    expect(verified.map(({ records }: { records: number }) => records)).toEqual([600, 600, 600])
    expect(groups).toEqual([{ group: "billing", moved: 1, stayed: 0 }])
    await expectSame(end, "orders", 3)
  })

  it("ends by Ctrl-C with what to do, and two at once do it once", { timeout: PATIENCE_MS }, async () => {
    const target = await serve("twice")
    const stopped = strata(...from(), "--to", target.url, "--follow")
    await once(stopped.child.stderr, "data")
    stopped.child.kill("SIGINT")
    expect(await stopped.exited).toMatchObject({ code: 130, stdout: expect.stringContaining("billing") })
    const end = await openLogEnd(target.url)
    await end.log.topics.delete("orders")
    const both = await Promise.all([1, 2].map(() => strata(...from(), "--to", target.url).exited))
    expect(both.map(({ code }) => code)).toEqual([0, 0])
    await expectSame(end, "orders", 3)
  })

  it("shows what it would do, and writes nothing", { timeout: PATIENCE_MS }, async () => {
    const target = await serve("dry")
    const shown = await strata(...from(), "--to", target.url, "--dry-run").exited
    expect(shown).toMatchObject({ code: 0, stdout: expect.stringMatching(/orders +2 +0 +600 +600 +made/) })
    const { log } = await openLogEnd(target.url)
    expect((await log.topics.list().next()).done).toBe(true)
  })

  it("says what cannot be meant", { timeout: PATIENCE_MS }, async () => {
    const missing = await strata(...from(), "--to", source?.url ?? "").exited
    expect(missing).toMatchObject({ code: 2, stderr: expect.stringContaining("the same service") })
    const target = await serve("other")
    const unknown = await strata(...from(), "--to", target.url, "--topics", "orders,nothing").exited
    expect(unknown).toMatchObject({ code: 1, stderr: expect.stringContaining("no topic nothing") })
  })
})

describe("strata copy to a service with the limits of Lambda", () => {
  let storage: TemporaryStorage
  let gateway: Gateway
  beforeAll(async () => {
    storage = openTemporaryStorage()
    const { deps } = indexedService(indexedInMemory(storage), { limits: lambdaLimits, codecs, version: "1.2.3" })
    const handler = gatewayHandler(deps, { endpointsOf: allEndpoints, pages: [], gateOf: everybody, corsOrigins: [] })
    gateway = await startGateway(functionUrl(handler))
  })
  afterAll(async () => {
    await gateway.close()
    storage.dispose()
  })

  const MiB = 1024 ** 2

  it("splits what is too large, and keeps the offsets of a log that begins later", {
    timeout: PATIENCE_MS,
  }, async () => {
    if (source === undefined) throw new Error("there is no source")
    await source.log.topics.create("large", { config: { "max.message.bytes": 4 * MiB } })
    const records = Array.from({ length: 30 }, (_, n) => record(n, 100_000))
    await source.append({ topic: "large", partition: 0 }, encodeBatch({ records }, codecs.crc32c), 0)
    await source.append({ topic: "large", partition: 0 }, encodeBatch({ records: [record(1)] }, codecs.crc32c), 30)
    await source.log.topic("large").deleteRecords(0, { before: 3 })
    const copied = await strata("copy", "--from", source.url, "--to", gateway.url, "--verify").exited
    expect(copied).toMatchObject({ code: 0, stderr: expect.stringContaining("max.message.bytes is 4194304") })
    const target = await openLogEnd(gateway.url)
    await expectSame(target, "large", 1)
    await expectSame(target, "orders", 3)
    expect((await target.log.topics.get("large")).config["max.message.bytes"]).toBe(2 * MiB)
  })

  it("names a record that fits into no batch", { timeout: PATIENCE_MS }, async () => {
    if (source === undefined) throw new Error("there is no source")
    await source.log.topics.create("huge", { config: { "max.message.bytes": 4 * MiB } })
    const records = [record(0), record(1, 3 * MiB)]
    await source.append({ topic: "huge", partition: 0 }, encodeBatch({ records }, codecs.crc32c), 0)
    const { code, stderr } = await strata("copy", "--from", source.url, "--to", gateway.url, "--topics", "huge").exited
    expect(code).toBe(1)
    expect(stderr).toMatch(
      /The record at offset 1 of huge:0 takes 31\d{5} bytes as a batch, and the target takes 2097152/,
    )
    expect(stderr).toContain("run the same command again")
  })
})
