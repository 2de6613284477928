/** Readers that wait for what other processes append. */
import { describe, expect, it } from "vitest"
import type { PartitionRef } from "../../../functions/log/ports.ts"
import type { Timer } from "../../../functions/partitions/dependencies.ts"
import { createIndexedLog } from "../../../functions/partitions/indexed-log.ts"
import { appended, entry, newPartition } from "../../contract/partition-log/fixture.ts"
import { partitionsDeps } from "../../fakes/partitions-deps.ts"

/** Time that passes when the test says so. */
class HandTimer implements Timer {
  #now = 0
  readonly #sleepers = new Map<() => void, number>()

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#sleepers.set(resolve, this.#now + milliseconds)
    signal?.addEventListener("abort", () => resolve())
    return promise
  }

  async pass(milliseconds: number): Promise<void> {
    this.#now += milliseconds
    for (const [wake, due] of this.#sleepers) {
      if (due > this.#now) continue
      this.#sleepers.delete(wake)
      wake()
    }
    await new Promise((resolve) => setImmediate(resolve))
  }
}

const seen = (highWatermark: number) => ({ logStartOffset: 0, highWatermark })

describe("a reader that waits", () => {
  it("is woken by another process, however many readers join it meanwhile", async () => {
    const timer = new HandTimer()
    const { deps } = partitionsDeps({ timer }, { firstPollMs: 50, maxPollMs: 1_000 })
    const log = createIndexedLog(deps)
    const partition = await newPartition(log)
    const end = new AbortController()
    const wait = (highWatermark: number) => log.waitForChange([{ partition, seen: seen(highWatermark) }], end.signal)
    let isWoken = false
    const first = wait(0).then(() => {
      isWoken = true
    })
    await appended(createIndexedLog(deps), partition, entry(["x"]))
    const others: Promise<void>[] = []
    for (let round = 0; round < 20 && !isWoken; round += 1) {
      others.push(wait(1))
      await timer.pass(20)
    }
    expect(isWoken).toBe(true)
    end.abort()
    await Promise.all([first, ...others])
  })

  it("brings the first look forward when it joins readers that have waited for long", async () => {
    const timer = new HandTimer()
    const { deps, index } = partitionsDeps({ timer }, { firstPollMs: 50, maxPollMs: 1_000 })
    const log = createIndexedLog(deps)
    const partition = await newPartition(log)
    const end = new AbortController()
    const wait = () => log.waitForChange([{ partition, seen: seen(0) }], end.signal)
    const first = wait()
    for (let round = 0; round < 100; round += 1) await timer.pass(100)
    const before = index.requests.count("head")
    const second = wait()
    await timer.pass(0)
    await timer.pass(70)
    expect(index.requests.count("head")).toBe(before + 1)
    end.abort()
    await Promise.all([first, second])
  })

  it("ends where the head cannot be read at all, so that its own look says why", async () => {
    const { deps, index } = partitionsDeps()
    const partition: PartitionRef = await newPartition(createIndexedLog(deps))
    const broken = { ...index, head: () => Promise.reject(new RangeError("an item that is no head")) }
    const log = createIndexedLog({ ...deps, index: broken })
    await log.waitForChange([{ partition, seen: seen(0) }], new AbortController().signal)
  })
})
