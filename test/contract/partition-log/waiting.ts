/** Readers that wait are woken by every change, and by nothing else. */
import { describe, expect, it } from "vitest"
import type { PartitionLog, PartitionRef, Watermarks } from "../../../functions/log/ports.ts"
import { appended, entry, newPartition } from "./fixture.ts"

const EMPTY: Watermarks = { logStartOffset: 0, highWatermark: 0 }

export function describeWaiting(log: () => PartitionLog): void {
  const wait = (partition: PartitionRef, seen: Watermarks, signal = new AbortController().signal) =>
    log().waitForChange([{ partition, seen }], signal)

  describe("waiting", () => {
    it("ends when a record arrives, for everybody", async () => {
      const partition = await newPartition(log())
      const waiting = Array.from({ length: 500 }, () => wait(partition, EMPTY))
      await appended(log(), partition, entry(["x"]))
      await Promise.all(waiting)
    })

    it("does not begin where the log has changed already", async () => {
      const partition = await newPartition(log())
      await appended(log(), partition, entry(["x"]))
      await wait(partition, EMPTY)
    })

    it("sees what was appended when it ends", async () => {
      const partition = await newPartition(log())
      const seen = wait(partition, EMPTY).then(() => log().read(partition, { offset: 0, maxBytes: 1 }))
      await appended(log(), partition, entry(["x"]))
      expect(await seen).toMatchObject({ kind: "batches", watermarks: { highWatermark: 1 } })
    })

    it("ends by a moved log start, by a deletion and by its signal", async () => {
      const partition = await newPartition(log())
      await appended(log(), partition, entry(["x"]))
      const now = { logStartOffset: 0, highWatermark: 1 }
      const byStart = wait(partition, now)
      await log().moveLogStart(partition, 1)
      await byStart
      const controller = new AbortController()
      const bySignal = wait(partition, { logStartOffset: 1, highWatermark: 1 }, controller.signal)
      controller.abort()
      await bySignal
      const byDeletion = wait(partition, { logStartOffset: 1, highWatermark: 1 })
      await log().deletePartitions(partition.topicId)
      await byDeletion
      await wait(partition, now)
    })

    it("for several partitions ends by any of them, and not by others", async () => {
      const [one, two, other] = [await newPartition(log()), await newPartition(log()), await newPartition(log())]
      let ended = false
      const watches = [one, two].map((partition) => ({ partition, seen: EMPTY }))
      const waiting = log()
        .waitForChange(watches, new AbortController().signal)
        .then(() => {
          ended = true
        })
      await appended(log(), other, entry(["x"]))
      expect(ended).toBe(false)
      await appended(log(), two, entry(["x"]))
      await waiting
    })
  })
}
