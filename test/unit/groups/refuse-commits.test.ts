import { limits } from "stratalog/protocol"
import { describe, expect, it } from "vitest"
import { type CommitRequest, type CommitTarget, refuseCommits } from "../../../functions/groups/commit/decide.ts"

const found: CommitTarget = { kind: "partition", topicId: "id-1", highWatermark: 10 }
const request = (partition: number, offset: number, metadata = ""): CommitRequest => {
  return { topic: "orders", partition, offset, metadata }
}

describe("refuseCommits", () => {
  it("lets offsets up to the high watermark pass: the next to read may be the next to be written", () => {
    const commits = [0, 9, 10].map((offset, partition) => ({ request: request(partition, offset), target: found }))
    expect(refuseCommits(commits)).toEqual([])
  })

  it("tells every entry that stands in the way, with its place and reason", () => {
    const commits = [
      { request: request(0, 11), target: found },
      { request: request(1, 5), target: found },
      { request: request(1, 6), target: found },
      { request: { ...request(0, 5), topic: "none" }, target: { kind: "topic_not_found" } },
      { request: request(7, 5), target: { kind: "partition_not_found", partitions: 3 } },
    ] as const
    expect(refuseCommits(commits)).toEqual([
      { index: 0, topic: "orders", partition: 0, kind: "beyond_end", highWatermark: 10 },
      { index: 2, topic: "orders", partition: 1, kind: "named_twice" },
      { index: 3, topic: "none", partition: 0, kind: "topic_not_found" },
      { index: 4, topic: "orders", partition: 7, kind: "partition_not_found", partitions: 3 },
    ])
  })

  it("bounds the metadata by its bytes, not its characters", () => {
    const maxBytes = limits.maxMetadataBytes
    const fits = "\u00e9".repeat(maxBytes / 2)
    expect(refuseCommits([{ request: request(0, 5, fits), target: found }])).toEqual([])
    expect(refuseCommits([{ request: request(0, 5, `${fits}x`), target: found }])).toEqual([
      { index: 0, topic: "orders", partition: 0, kind: "metadata_too_large", bytes: maxBytes + 1, maxBytes },
    ])
  })
})
