import { describe, expect, it } from "vitest"
import { Partition } from "../../../functions/storage/embedded/journal/partition.ts"
import { waitForChange, wake } from "../../../functions/storage/embedded/journal/watches.ts"
import { P0, TOPIC } from "../../fakes/temporary-journal.ts"

const topic = { id: TOPIC, idBytes: new Uint8Array(16), partitions: [] }
const watch = { partition: P0, seen: { logStartOffset: 0, highWatermark: 0 } }

describe("waiting readers", () => {
  it("leave nothing behind, however they end", async () => {
    const partitions = [new Partition(topic, 0), new Partition(topic, 1)]
    const controller = new AbortController()
    let next = 0
    const wait = () => waitForChange([watch, watch], () => partitions[next++ % 2], controller.signal)
    const woken = wait()
    const aborted = wait()
    expect(partitions.map(({ watches }) => watches.size)).toEqual([2, 2])
    const [first] = partitions
    if (first === undefined) throw new Error("no partition")
    first.committed.nextOffset = 1
    wake(first)
    await woken
    await aborted
    expect(partitions.map(({ watches }) => watches.size)).toEqual([0, 0])
    first.committed.nextOffset = 0
    const last = wait()
    controller.abort()
    await last
    expect(partitions.map(({ watches }) => watches.size)).toEqual([0, 0])
  })

  it("sleep on through a change that they have seen", () => {
    const partition = new Partition(topic, 0)
    void waitForChange([watch], () => partition, new AbortController().signal)
    partition.committed.fencingToken = "a"
    wake(partition)
    expect(partition.watches.size).toBe(1)
  })
})
