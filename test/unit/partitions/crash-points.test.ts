/** A process that dies before or after any one of its requests: what was acknowledged is there, and the next one goes on. */
import { describe, expect, it } from "vitest"
import type { AppendEntry } from "../../../functions/log/ports.ts"
import { createIndexedLog } from "../../../functions/partitions/indexed-log.ts"
import { sweepPlaced } from "../../../functions/partitions/sweep/sweep-placed.ts"
import { appended, drain, entry, newPartition, values } from "../../contract/partition-log/fixture.ts"
import { partitionsDeps } from "../../fakes/partitions-deps.ts"

const HOUR_MS = 3_600_000

/** Appends that place inline, in items and in objects, roll, and send producers out of the head. */
function script(): AppendEntry[] {
  const sizes = [10, 10, 2_000, 10, 5_000, 10, 10, 300, 10, 10, 700, 10, 800, 2_000, 10, 900, 10, 10]
  return sizes.map((size, at) =>
    entry([`s${at}-${"x".repeat(size)}`], {
      placement: at % 2 === 0 ? "latency" : "cost",
      ...(at % 3 === 0 && { producer: { id: 100 + at, epoch: 0, sequence: 0 } }),
    }),
  )
}

/** Runs the script until its request number `at` dies, before (`after: false`) or after it took effect. */
async function runUntil(at: number, after: boolean) {
  let now = 1_763_600_000_000
  const { deps, index, objects } = partitionsDeps(
    { clock: { now: () => now } },
    { maxProducers: 2, tailLimitBytes: 1_500 },
  )
  const log = createIndexedLog(deps)
  const partition = await newPartition(log)
  let requests = 0
  const dead = Promise.withResolvers<"dead">()
  const forever = new Promise<undefined>(() => undefined)
  const strike = () => {
    requests += 1
    if (requests !== at) return undefined
    dead.resolve("dead")
    return after ? ({ kind: "answer", after: forever } as const) : "before"
  }
  index.requests.interceptor = () => {
    const struck = strike()
    return struck === "before" ? forever : struck
  }
  objects.inject(() => {
    const struck = strike()
    if (struck === undefined) return undefined
    return struck === "before" ? { kind: "delay", until: forever } : { kind: "lose_answer" }
  })
  const acknowledged: { readonly text: string; readonly offset: number }[] = []
  const run = async () => {
    for (const [step, one] of script().entries()) {
      const offset = await appended(log, partition, one)
      acknowledged.push({ text: `s${step}-`, offset })
    }
    return "finished" as const
  }
  const end = await Promise.race([run(), dead.promise])
  index.requests.interceptor = undefined
  objects.inject(() => undefined)
  return { deps, partition, acknowledged, end, later: () => (now += 3 * HOUR_MS), objects, requests: () => requests }
}

describe("a process that dies", () => {
  it("loses nothing that it acknowledged, at each of its requests", async () => {
    const whole = await runUntil(Number.POSITIVE_INFINITY, false)
    expect(whole.end).toBe("finished")
    const points = whole.requests()
    expect(points).toBeGreaterThan(20)
    for (let at = 1; at <= points; at += 1) {
      for (const after of [false, true]) {
        const { deps, partition, acknowledged } = await runUntil(at, after)
        const next = createIndexedLog(deps)
        const before = await drain(next, partition)
        for (const { text, offset } of acknowledged) {
          expect(before.find((batch) => batch.baseOffset === offset)?.text, `request ${at}`).toContain(text)
        }
        // One attempt was under way: it is there whole, or not at all.
        expect(before.length - acknowledged.length, `request ${at}`).toBeLessThanOrEqual(1)
        const base = await appended(next, partition, entry(values("next", 2)))
        expect(base).toBe(before.length)
        expect(await drain(next, partition)).toHaveLength(before.length + 1)
      }
    }
  })

  it("leaves at worst an orphan, which the sweep finds, and nothing else", async () => {
    const points = (await runUntil(Number.POSITIVE_INFINITY, false)).requests()
    let orphans = 0
    for (let at = 1; at <= points; at += 1) {
      const { deps, partition, later } = await runUntil(at, true)
      const log = createIndexedLog(deps)
      const before = await drain(log, partition)
      const bounds = () => ({ placedBefore: deps.clock.now() - HOUR_MS, maxRemovals: 100 })
      expect(await sweepPlaced(deps, partition, bounds())).toMatchObject({ items: 0, objects: 0 })
      later()
      const swept = await sweepPlaced(deps, partition, bounds())
      if (swept.kind !== "swept") throw new Error(JSON.stringify(swept))
      orphans += swept.items + swept.objects
      expect(await sweepPlaced(deps, partition, bounds())).toMatchObject({ items: 0, objects: 0 })
      expect(await drain(log, partition)).toEqual(before)
    }
    expect(orphans).toBeGreaterThan(0)
  })
})
