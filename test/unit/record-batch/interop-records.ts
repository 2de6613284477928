import type { RecordInput } from "stratalog/record-batch"
import { sample } from "./samples.ts"

const text = new TextEncoder()

interface InteropCase {
  name: string
  records: RecordInput[]
}

/** Records that other clients can write too: they know no header without a value. */
export const interopRecords: readonly InteropCase[] = [
  { name: "one empty record", records: [{ timestamp: 0, key: new Uint8Array(0), value: new Uint8Array(0) }] },
  { name: "a record of nulls", records: [{ timestamp: 1_763_600_000_000, key: null, value: null }] },
  {
    name: "rising and falling timestamps",
    records: [1000, 1001, 700, 2 ** 30, 1].map((timestamp) => ({
      timestamp,
      key: null,
      value: text.encode(`${timestamp}`),
    })),
  },
  {
    name: "headers, some of them twice",
    records: [
      {
        timestamp: 5,
        key: text.encode("k"),
        value: text.encode("v"),
        headers: [
          ["trace", text.encode("a1")],
          ["trace", text.encode("a2")],
          ["größe", new Uint8Array(0)],
        ],
      },
      { timestamp: 6, key: null, value: text.encode("w"), headers: [["one", Uint8Array.of(0, 255)]] },
    ],
  },
  {
    name: "sizes at the edges of a varint",
    records: [63, 64, 8191, 8192, 70_000].map((size, index) => ({
      timestamp: index,
      key: sample(size),
      value: sample(size),
    })),
  },
  {
    name: "a thousand records",
    records: Array.from({ length: 1000 }, (_, index) => ({
      timestamp: 1_763_600_000_000 + index,
      key: text.encode(`key-${index}`),
      value: sample(100),
    })),
  },
]

/** @platformatic/kafka writes deltas beyond 31 bits (25 days) wrong: its zigzag shifts by 31 where 64 bits need 63. */
export const recordsFarApart: InteropCase = {
  name: "timestamps years apart",
  records: [2 ** 40, 0, 2 ** 41, 2 ** 40 + 2 ** 31].map((timestamp) => ({ timestamp, key: null, value: null })),
}
