import { describe, expect, it } from "vitest"
import { decideTier, isWorthLooking } from "../../../functions/segments/tier/decide.ts"
import { tierPartition } from "../../../functions/segments/tier/tier.ts"
import { batchesOf, partition } from "./fixture.ts"
import { configOf, HOUR, MINUTE, readAll, T0, upkeptLog } from "./upkept-log.ts"

const rules = { targetBytes: 100, storedBefore: 1000, overdueBefore: 500 }

describe("which stretches become a segment", () => {
  it("is as many as fit one, once there are enough", () => {
    expect(decide([40, 40, 40], rules)).toEqual({ kind: "take", endOffset: 2 })
    expect(decide([60, 40], rules)).toEqual({ kind: "take", endOffset: 2 })
    expect(decide([60, 39], rules)).toEqual({ kind: "wait" })
    expect(decide([250, 1], rules)).toEqual({ kind: "take", endOffset: 1 })
  })

  it("is all when the oldest is overdue, but none that may still be asked for an append", () => {
    expect(decide([10, 10], rules, [500, 900])).toEqual({ kind: "take", endOffset: 2 })
    expect(decide([10, 10], rules, [501, 900])).toEqual({ kind: "wait" })
    expect(decide([10, 10, 90], rules, [400, 1000, 1001])).toEqual({ kind: "take", endOffset: 2 })
    expect(decide([200], rules, [1001])).toEqual({ kind: "wait" })
    expect(decide([], rules)).toEqual({ kind: "wait" })
  })

  it("is looked into only when the oldest is overdue, or half a segment seems to wait", () => {
    const oldest = { baseOffset: 0, endOffset: 10, bytes: 20, maxTimestamp: 0, storedAt: 900 }
    expect(isWorthLooking(oldest, 24, rules)).toBe(false)
    expect(isWorthLooking(oldest, 25, rules)).toBe(true)
    expect(isWorthLooking({ ...oldest, storedAt: 500 }, 10, rules)).toBe(true)
    expect(isWorthLooking({ ...oldest, storedAt: 1001 }, 1000, rules)).toBe(false)
  })

  it("is known only when enough of them are", () => {
    expect(decide([40, 40], rules, [400, 900], true)).toEqual({ kind: "look_further" })
    expect(decide([40, 70], rules, [400, 900], true)).toEqual({ kind: "take", endOffset: 1 })
  })
})

describe("tiering", () => {
  const config = configOf({})

  it("moves what is old enough, and leaves the rest", async () => {
    const log = upkeptLog(content())
    log.time.now = T0 + 6 * HOUR + 20 * MINUTE
    const before = await readAll(log)
    expect(await tierPartition(log, partition, config)).toMatchObject({ kind: "tiered", records: 6 })
    expect(await log.recent.state(partition)).toMatchObject({ state: { tieredTo: 6, highWatermark: 10 } })
    expect(log.recent.pagesLeft).toBe(1)
    expect(await readAll(log)).toEqual(before)
    expect(await tierPartition(log, partition, config)).toEqual({ kind: "nothing" })
    expect(log.objects.requests.put).toBe(1)
  })

  it("makes segments of the size that the topic asks for", async () => {
    const log = upkeptLog(content())
    const small = configOf({ "segment.bytes": 1024 })
    const before = await readAll(log)
    let segments = 0
    while ((await tierPartition(log, partition, small)).kind === "tiered") segments++
    expect(segments).toBe(4)
    expect(await readAll(log)).toEqual(before)
  })

  it("takes the entry of one that was faster, or that was cut off", async () => {
    const log = upkeptLog(content())
    const before = await readAll(log)
    log.recent.requests.interceptor = ({ name }) => (name === "commitTiered" ? { kind: "throttle" } : undefined)
    expect(await tierPartition(log, partition, config)).toMatchObject({ kind: "unavailable" })
    log.recent.requests.interceptor = undefined
    expect(await tierPartition(log, partition, config)).toMatchObject({ kind: "tiered", records: 8 })
    expect(log.objects.keys()).toHaveLength(2)
    expect(await readAll(log)).toEqual(before)
  })

  it("passes what expired without a segment for it", async () => {
    const log = upkeptLog(content())
    await log.recent.moveLogStart(partition, 5)
    expect(await tierPartition(log, partition, config)).toEqual({ kind: "tiered", records: 0, bytes: 0 })
    expect(await log.recent.state(partition)).toMatchObject({ state: { tieredTo: 4 } })
    expect(log.objects.requests.put).toBe(0)
    expect(await tierPartition(log, partition, config)).toMatchObject({ kind: "tiered", records: 4 })
    expect((await readAll(log)).batches.map(({ baseOffset }) => baseOffset)).toEqual([5, 6, 7, 8, 9])
  })

  it("gives up no batch that is damaged already", async () => {
    for (const at of [7, 25, 61]) {
      const { pages, tail } = content()
      const bytes = pages[1]?.batches[0]?.bytes
      if (bytes !== undefined) bytes[at] = (bytes[at] ?? 0) ^ 4
      const log = upkeptLog({ pages, tail })
      const outcome = await tierPartition(log, partition, config)
      expect(outcome).toMatchObject({ kind: "corrupt", where: "the recent log at offset 2" })
      expect(log.objects.requests.put).toBe(0)
    }
  })

  it("has nothing to do for a topic that is gone", async () => {
    const log = upkeptLog(content())
    log.recent.delete()
    expect(await tierPartition(log, partition, config)).toEqual({ kind: "unknown_partition" })
  })
})

/** Ten batches of one record and 700 bytes: four pages, three hours and then 5 minutes apart, and a tail. */
function content() {
  const batches = batchesOf(
    Array.from({ length: 10 }, (_, index) => ({ records: 1, bytes: 700, timestamp: T0 + index })),
  )
  const storedAt = [T0, T0 + 3 * HOUR, T0 + 6 * HOUR, T0 + 6 * HOUR + 10 * MINUTE]
  const pages = storedAt.map((at, page) => ({ batches: batches.slice(page * 2, page * 2 + 2), storedAt: at }))
  return { pages, tail: batches.slice(8) }
}

function decide(
  bytes: readonly number[],
  of: typeof rules,
  storedAt: readonly number[] = bytes.map(() => 900),
  more = false,
) {
  const stretches = bytes.map((size, index) => ({
    baseOffset: index,
    endOffset: index + 1,
    bytes: size,
    maxTimestamp: 0,
    storedAt: storedAt[index] ?? 0,
  }))
  return decideTier(stretches, more, of)
}
