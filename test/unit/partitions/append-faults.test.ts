/** What an append is answered when its requests are lost, late or refused; each fault is seen to strike. */
import { describe, expect, it } from "vitest"
import { createIndexedLog } from "../../../functions/partitions/indexed-log.ts"
import { appended, appendOne, drain, entry, newPartition, values } from "../../contract/partition-log/fixture.ts"
import type { Fault } from "../../fakes/faults.ts"
import { partitionsDeps } from "../../fakes/partitions-deps.ts"

const quick = { appendTimeoutMs: 50, firstBackoffMs: 1, maxBackoffMs: 2 }

/** A log with three records, and a fault for the commits that come next, one each. */
async function logWith(...faults: readonly (Fault | undefined)[]) {
  let time = 0
  const { deps, index } = partitionsDeps({ clock: { now: () => (time += 1) } }, quick)
  const log = createIndexedLog(deps)
  const partition = await newPartition(log)
  await appended(log, partition, entry(values("before", 3)))
  const queue = [...faults]
  let struck = 0
  index.requests.interceptor = ({ name }) => {
    if (name !== "commit" || queue.length === 0) return undefined
    const fault = queue.shift()
    if (fault !== undefined) struck += 1
    return fault
  }
  return { log, partition, index, deps, struck: () => struck, faults: (more: readonly Fault[]) => queue.push(...more) }
}

describe("an append", () => {
  it("whose answer is lost after it took effect is there once, and knows its offset", async () => {
    const { log, partition, struck } = await logWith({ kind: "lose_answer" })
    expect(await appended(log, partition, entry(["x"]))).toBe(3)
    expect(struck()).toBe(1)
    expect(await drain(log, partition)).toHaveLength(2)
  })

  it("whose request is lost is sent again", async () => {
    const { log, partition, struck } = await logWith({ kind: "lose_request" }, undefined)
    expect(await appended(log, partition, entry(["x"]))).toBe(3)
    expect(struck()).toBe(1)
    expect(await drain(log, partition)).toHaveLength(2)
  })

  it("that lands late lands never, once its outcome was told", async () => {
    const late: (() => void)[] = []
    const { log, partition } = await logWith({ kind: "land_late", held: (land) => late.push(land) })
    expect(await appended(log, partition, entry(["x"]))).toBe(3)
    expect(late).toHaveLength(1)
    for (const land of late) land()
    expect(await drain(log, partition)).toHaveLength(2)
    expect(await appended(log, partition, entry(["y"]))).toBe(4)
  })

  it("is found in a page where another process rolled before its answer was missed", async () => {
    const { log, partition, deps, index } = await logWith()
    const other = createIndexedLog(deps)
    index.requests.interceptor = async ({ name }) => {
      if (name !== "commit") return undefined
      index.requests.interceptor = undefined
      return { kind: "lose_answer" }
    }
    // The other process fills the tail and rolls it before this one looks.
    const lost = log.append(partition, [entry(["x"])])
    for (let count = 0; count < 20; count += 1) await appended(other, partition, entry(values(`o${count}`, 1)))
    expect(await lost).toEqual([{ kind: "appended", baseOffset: expect.any(Number) }])
    const batches = await drain(log, partition)
    expect(batches).toHaveLength(22)
  })

  it("that gets no answer at all is unknown, and a producer learns the offset by sending it again", async () => {
    const { log, partition, index, struck, faults } = await logWith({ kind: "lose_answer" })
    faults(Array.from({ length: 40 }, () => ({ kind: "lose_request" }) as const))
    index.requests.interceptor = withLostHeads(index.requests.interceptor)
    const sequenced = () => entry(["x"], { producer: { id: 7, epoch: 0, sequence: 0 } })
    expect(await appendOne(log, partition, sequenced())).toMatchObject({
      kind: "unavailable",
      sideEffects: "unknown",
    })
    expect(struck()).toBeGreaterThan(0)
    index.requests.interceptor = undefined
    expect(await appendOne(log, partition, sequenced())).toMatchObject({ kind: "duplicate", baseOffset: 3 })
    expect(await drain(log, partition)).toHaveLength(2)
  })

  it("is answered in time though each request to an index that is not there takes its whole time-out", async () => {
    let time = 0
    const { deps, index } = partitionsDeps({ clock: { now: () => time } }, { firstBackoffMs: 1, maxBackoffMs: 1 })
    const log = createIndexedLog(deps)
    const partition = await newPartition(log)
    await appended(log, partition, entry(["before"]))
    index.requests.interceptor = ({ name }) => {
      time += name === "commit" ? 3_000 : 12_000
      return { kind: "lose_request" }
    }
    expect(await appendOne(log, partition, entry(["x"]))).toMatchObject({ kind: "unavailable", sideEffects: "unknown" })
    expect(time).toBeLessThan(30_000)
  })

  it("that the network delivers twice is there once, and known by its refusal", async () => {
    const { deps } = partitionsDeps()
    const commit: typeof deps.index.commit = async (partition, one) => {
      await deps.index.commit(partition, one)
      return deps.index.commit(partition, one)
    }
    const log = createIndexedLog({ ...deps, index: { ...deps.index, commit } })
    const partition = await newPartition(log)
    const outcomes = [await appendOne(log, partition, entry(["x"])), await appendOne(log, partition, entry(["y"]))]
    expect(outcomes).toEqual([
      { kind: "appended", baseOffset: 0 },
      { kind: "appended", baseOffset: 1 },
    ])
    expect(await drain(log, partition)).toHaveLength(2)
  })

  it("that is throttled is sent again, and refused without effect when that does not end", async () => {
    const throttle = { kind: "throttle" } as const
    const once = await logWith(throttle, throttle)
    expect(await appended(once.log, once.partition, entry(["x"]))).toBe(3)
    expect(once.struck()).toBe(2)
    const always = await logWith(...Array.from({ length: 500 }, () => throttle))
    expect(await appendOne(always.log, always.partition, entry(["x"]))).toMatchObject({
      kind: "unavailable",
      reason: "throttled",
      sideEffects: "none",
    })
    always.index.requests.interceptor = undefined
    expect(await drain(always.log, always.partition)).toHaveLength(1)
  })

  it("on a condition is refused for good only when its lost attempt can land no more", async () => {
    const late: (() => void)[] = []
    const { log, partition, deps, index } = await logWith({ kind: "land_late", held: (land) => late.push(land) })
    index.requests.interceptor = oneThen(index.requests.interceptor, async () => {
      await appended(createIndexedLog(deps), partition, entry(["other"]))
    })
    expect(await appendOne(log, partition, entry(["x"], { matchOffset: 3 }))).toMatchObject({
      kind: "match_failed",
      nextOffset: 4,
    })
    for (const land of late) land()
    expect(await drain(log, partition)).toHaveLength(2)
  })

  it("to a partition of a topic that was deleted meanwhile finds no partition", async () => {
    const { log, partition, deps } = await logWith()
    await createIndexedLog(deps).deletePartitions(partition.topicId)
    expect(await appendOne(log, partition, entry(["x"]))).toEqual({ kind: "unknown_partition" })
  })
})

type Interceptor = ReturnType<typeof partitionsDeps>["index"]["requests"]["interceptor"]

/** Nobody hears of the head either. */
function withLostHeads(interceptor: Interceptor): Interceptor {
  let commits = 0
  return (operation) => {
    if (operation.name === "commit") commits += 1
    return operation.name === "head" && commits > 0 ? { kind: "lose_request" } : interceptor?.(operation)
  }
}

/** After the first commit `then` happens, before anybody looks at the head. */
function oneThen(interceptor: Interceptor, then: () => Promise<void>): Interceptor {
  let commits = 0
  return async (operation) => {
    if (operation.name === "head" && commits === 1) {
      commits += 1
      await then()
    }
    if (operation.name !== "commit") return undefined
    commits += 1
    return commits === 1 ? interceptor?.(operation) : undefined
  }
}

describe("a producer", () => {
  it("begins its next epoch though others have left the head", async () => {
    const { deps } = partitionsDeps({}, { maxProducers: 2 })
    const log = createIndexedLog(deps)
    const partition = await newPartition(log)
    const sequenced = (id: number, epoch: number) => entry(["x"], { producer: { id, epoch, sequence: 0 } })
    for (const id of [1, 2, 3, 4]) await appended(log, partition, sequenced(id, 0))
    for (const id of [4, 3, 2, 1]) expect(await appended(log, partition, sequenced(id, 1))).toBeGreaterThan(3)
  })
})
