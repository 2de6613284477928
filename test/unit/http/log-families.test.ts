/** What /metrics has to ask the log for: topics, groups, upkeep. */
import { afterAll, describe, expect, it } from "vitest"
import type { Family } from "../../../functions/http/metrics/exposition.ts"
import { logFamilies } from "../../../functions/http/metrics/log-families.ts"
import { metricsPage, rarely } from "../../../functions/http/metrics/page.ts"
import { ready } from "../../../functions/http/metrics/table/exchanges.ts"
import { type PartitionLog, StorageUnavailable, type Unavailable } from "../../../functions/log/ports.ts"
import { openHttpApi } from "../../fakes/http-api.ts"
import { appendRecords } from "../../fakes/temporary-storage.ts"

const linesOf = (families: readonly Family[]) => families.flatMap(({ lines }) => lines)

describe("groups in the metrics", () => {
  const api = openHttpApi()
  afterAll(() => api.dispose())
  const lines = async (log: Pick<PartitionLog, "describe"> = api.deps.log) =>
    linesOf(await logFamilies({ ...api.deps, log }))

  it("tell the lag of each partition that has a committed offset, and who holds partitions", async () => {
    await api.send("PUT", "/v1/topics/orders", { json: { partitions: 2 } })
    const { id } = (await (await api.send("GET", "/v1/topics/orders")).json()) as { readonly id: string }
    await appendRecords(api.deps.log, id, 1, 5)
    const offsets = [{ topic: "orders", partition: 1, offset: 2 }]
    await api.send("POST", "/v1/groups/billing/offsets", { json: { offsets } })
    await api.send("POST", "/v1/groups/shipping/members/m1/poll", { json: { topics: ["orders"] } })
    const told = await lines()
    expect(told).toContain('stratalog_group_lag{group="billing",topic="orders",partition="1"} 3')
    expect(told.filter((line) => line.startsWith('stratalog_group_lag{group="billing"'))).toHaveLength(1)
    expect(told).toContain('stratalog_group_members{group="billing"} 0')
    expect(told).toContain('stratalog_group_members{group="shipping"} 1')
    expect(told).toContain("stratalog_groups_untold 0")
  })

  it("ask for each partition once, however many read it", async () => {
    const { log } = api.deps
    let asked = 0
    await lines({
      describe: (partition) => {
        asked += 1
        return log.describe(partition)
      },
    })
    expect(asked).toBe(2)
  })

  it("say that more is not told: beyond 10,000 partitions, and where a group cannot be asked", async () => {
    const names = ["a", "b", "c"]
    await api.send("PUT", "/v1/topics/wide", { json: { partitions: 4_000 } })
    const offsets = Array.from({ length: 4_000 }, (_, partition) => ({ topic: "wide", partition, offset: 0 }))
    for (const name of names) {
      for (let begin = 0; begin < offsets.length; begin += 100) {
        const some = offsets.slice(begin, begin + 100)
        const answer = await api.send("POST", `/v1/groups/${name}/offsets`, { json: { offsets: some } })
        expect(answer.status).toBe(200)
      }
    }
    const told = await lines()
    const lags = (name: string) => told.filter((line) => line.startsWith(`stratalog_group_lag{group="${name}"`)).length
    expect(names.map(lags)).toEqual([4_000, 4_000, 0])
    // It would not fit, and the next by name, which does, is told.
    expect(lags("billing")).toBe(1)
    expect(told).toContain("stratalog_groups_untold 1")
    const failing = await lines({ describe: () => UNAVAILABLE })
    expect(failing).toContain("stratalog_groups_untold 1")
  })
})

const UNAVAILABLE: Unavailable = { kind: "unavailable", reason: "throttled", sideEffects: "none", detail: "busy" }

describe("upkeep in the metrics", () => {
  const api = openHttpApi()
  afterAll(() => api.dispose())
  const lines = async () => linesOf(await logFamilies(api.deps)).filter((line) => line.startsWith("stratalog_upkeep"))

  it("is what GET /v1/upkeep tells, and nothing where nothing ran", async () => {
    expect(await lines()).toEqual([])
    const now = api.deps.clock.now()
    const piece = { startedAt: now - 10_000, endedAt: now - 5_000, partitions: 3 }
    const failures = { count: 0, codes: [], first: [] }
    await api.deps.upkeepRecords.write({
      lastRound: {
        ...piece,
        failures,
        unfinished: false,
        backlog: { waitingBytes: 4_000, overduePartitions: 2, overdueSince: now - 90_000 },
      },
      lastSweep: { ...piece, removed: { objects: 4, items: 2, bytes: 77_000 } },
    })
    expect(await lines()).toEqual([
      "stratalog_upkeep_backlog_bytes 4000",
      "stratalog_upkeep_overdue_partitions 2",
      "stratalog_upkeep_overdue_seconds 90",
      "stratalog_upkeep_orphan_bytes 77000",
      'stratalog_upkeep_orphans{kind="objects"} 4',
      'stratalog_upkeep_orphans{kind="items"} 2',
      `stratalog_upkeep_last_timestamp_seconds{kind="round"} ${(now - 5_000) / 1000}`,
      `stratalog_upkeep_last_timestamp_seconds{kind="sweep"} ${(now - 5_000) / 1000}`,
    ])
  })
})

describe("the page of metrics", () => {
  const known: readonly Family[] = [{ metric: ready, lines: ["stratalog_ready 1"] }]
  const unavailable = () => {
    throw new StorageUnavailable(UNAVAILABLE)
  }

  it("tells what it can where the storage cannot be asked", async () => {
    const api = openHttpApi({}, { pages: [metricsPage([unavailable, () => known])] })
    const response = await api.send("GET", "/metrics")
    expect([response.status, await response.text()]).toEqual([
      200,
      "# HELP stratalog_ready 1 where appends can succeed.\n# TYPE stratalog_ready gauge\nstratalog_ready 1\n",
    ])
    api.dispose()
  })

  it("asks a dear source once for all who look in that time, and keeps what it knows", async () => {
    const asked = { times: 0 }
    const source = rarely(() => (++asked.times === 1 ? Promise.resolve(known) : unavailable()), 3_600_000, 60_000)
    expect(await Promise.all([source(), source(), source()])).toEqual([known, known, known])
    expect(asked.times).toBe(1)
    const always = rarely(() => (++asked.times === 2 ? known : unavailable()), 0, 60_000)
    expect([await always(), await always()]).toEqual([known, known])
    expect(asked.times).toBe(3)
  })

  it("waits for it no longer than its patience, and does not stumble over its late failure", async () => {
    const late = Promise.withResolvers<readonly Family[]>()
    const source = rarely(() => late.promise, 0, 1)
    expect(await source()).toEqual([])
    late.reject(new Error("a mistake"))
    await expect(source()).rejects.toThrow("a mistake")
  })
})
