import { describe, expect, it } from "vitest"
import { partitionIds } from "../../../functions/compose/partition-ids.ts"
import { storageHealth } from "../../../functions/compose/storage-health.ts"
import { watchedLog } from "../../../functions/compose/watched-log.ts"
import type { AppendOutcome, Unavailable } from "../../../functions/log/ports.ts"
import { createMemoryPartitionLog } from "../../fakes/memory-partition-log.ts"

describe("names of what is made once", () => {
  it("are UUIDs of version 7 that tell the time, and eight random bytes", () => {
    const at = 1_763_600_000_123
    const ids = partitionIds(() => at)
    const placed = ids.placement()
    expect(placed).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(Number.parseInt(placed.replaceAll("-", "").slice(0, 12), 16)).toBe(at)
    expect(ids.entry()).toMatch(/^[0-9a-f]{16}$/)
    expect(new Set(Array.from({ length: 1000 }, () => ids.placement())).size).toBe(1000)
  })
})

describe("health", () => {
  const failure = (reason: Unavailable["reason"]): Unavailable => ({
    kind: "unavailable",
    reason,
    sideEffects: "none",
    detail: `because ${reason}`,
  })
  function watched() {
    let time = 0
    let next: AppendOutcome = { kind: "appended", baseOffset: 0 }
    const health = storageHealth(() => time)
    const log = watchedLog({ ...createMemoryPartitionLog(), append: async () => [next] }, health)
    const append = async (outcome: AppendOutcome) => {
      next = outcome
      await log.append({ topicId: "t", partition: 0 }, [])
      return health.check()
    }
    return { append, health, pass: (milliseconds: number) => (time += milliseconds) }
  }

  it("is what became of the last append", async () => {
    const { append } = watched()
    expect(await append(failure("storage_failed"))).toEqual({
      kind: "not_ready",
      full: false,
      detail: "because storage_failed",
    })
    expect(await append({ kind: "match_failed", nextOffset: 1 })).toMatchObject({ kind: "not_ready" })
    expect(await append({ kind: "appended", baseOffset: 0 })).toEqual({ kind: "ok" })
    expect(await append(failure("storage_full"))).toMatchObject({ full: true })
  })

  it("does not suffer from one partition that is throttled", async () => {
    expect(await watched().append(failure("throttled"))).toEqual({ kind: "ok" })
  })

  it("forgets a failure, as nobody may ask it to append any more", async () => {
    const { append, health, pass } = watched()
    await append(failure("storage_failed"))
    pass(30_001)
    expect(health.check()).toEqual({ kind: "ok" })
  })
})
