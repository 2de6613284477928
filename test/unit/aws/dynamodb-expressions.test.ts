/** What a commit and a change ask of DynamoDB, and that the largest fits its limits. */
import { describe, expect, it } from "vitest"
import {
  MAX_ADVANCED_PRODUCERS,
  MAX_DROPPED_ENTRIES,
  MAX_EVICTED_PRODUCERS,
} from "../../../functions/partitions/commit-shape.ts"
import type { Commit, Entry } from "../../../functions/partitions/ports.ts"
import { encodeEntry } from "../../../functions/storage/aws/dynamodb/codec/entry.ts"
import { commitUpdate, runsOf } from "../../../functions/storage/aws/dynamodb/groups/runs.ts"
import { changeExpression } from "../../../functions/storage/aws/dynamodb/partition-index/change-expression.ts"
import { commitExpression } from "../../../functions/storage/aws/dynamodb/partition-index/commit-expression.ts"

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const MAX_EXPRESSION_BYTES = 4_096
const MAX_OPERATORS = 300

const entry: Entry = {
  id: "00112233445566ff",
  recordCount: 3,
  bytes: 700,
  maxTimestamp: 5,
  sequences: [],
  placement: { kind: "item", key: "0190c5a2-7d3e-7a3b-8f00-ba9876543210" },
}
const blob = encodeEntry(entry)

function expressionOf(parts: Partial<Commit>) {
  return commitExpression({
    generation: { atMost: 9 },
    tail: { kind: "append", limit: 4_000 },
    producers: [],
    evict: [],
    ...parts,
  })
}

describe("a commit's expressions", () => {
  it("append on all conditions", () => {
    const from = { epoch: 1, laps: 0, lastSequence: 6 }
    const parts = {
      entry,
      nextOffset: 70,
      fencingToken: "mine",
      producers: [{ id: 71, from, to: { ...from, laps: 1 } }],
    }
    expect(expressionOf(parts)).toEqual({
      ConditionExpression: "g <= :0 AND n = :1 AND f = :2 AND NOT contains(t, :3) AND b < :4 AND p.#0 = :9",
      UpdateExpression: "SET t = list_append(t, :5), b = b + :6, n = n + :7, a = a + :8, p.#0 = :10",
      ExpressionAttributeNames: { "#0": "1z" },
      ExpressionAttributeValues: {
        ":0": { N: "9" },
        ":1": { N: "70" },
        ":2": { S: "mine" },
        ":3": { B: blob },
        ":4": { N: "4000" },
        ":5": { L: [{ B: blob }] },
        ":6": { N: `${blob.length + 1}` },
        ":7": { N: "3" },
        ":8": { N: "700" },
        ":9": { N: `${2n ** 52n + 6n}` },
        ":10": { N: `${2n ** 52n + 2n ** 31n + 6n}` },
      },
    })
  })

  it("take a new producer where nobody can know it", () => {
    const advance = { id: 0, from: "new", to: { epoch: 2, laps: 0, lastSequence: 6 } } as const
    expect(
      expressionOf({ entry, tail: { kind: "append", limit: Number.POSITIVE_INFINITY }, producers: [advance] }),
    ).toMatchObject({
      ConditionExpression:
        "g <= :0 AND attribute_not_exists(s) AND NOT contains(t, :1) AND (attribute_not_exists(p.#0) OR p.#0 < :6)",
      ExpressionAttributeValues: { ":6": { N: `${2n ** 53n}` }, ":7": { N: `${2n ** 53n + 6n}` } },
    })
    const sure = expressionOf({ entry, generation: { exactly: 1 }, producers: [{ ...advance, evenIfSpilled: true }] })
    expect(sure.ConditionExpression).not.toContain("(s)")
  })

  it("replace the tail, and drop from it by index while an entry goes to its end", () => {
    expect(expressionOf({ tail: { kind: "replace" }, nextOffset: 70, nextGeneration: 10 })).toMatchObject({
      ConditionExpression: "g <= :0 AND n = :1",
      UpdateExpression: "SET t = :2, b = :3, g = :4",
      ExpressionAttributeValues: { ":2": { L: [] }, ":3": { N: "0" } },
    })
    const drop = {
      generation: { exactly: 9 },
      nextGeneration: 10,
      tail: { kind: "drop", count: 2, bytes: 99 },
    } as const
    expect(expressionOf({ ...drop, entry })).toMatchObject({
      UpdateExpression: "SET t[9999] = :2, b = b + :3, n = n + :4, a = a + :5, g = :6 REMOVE t[0], t[1]",
      ExpressionAttributeValues: { ":3": { N: `${blob.length + 1 - 99}` } },
    })
  })

  it("fit DynamoDB's limits at their largest", () => {
    const ids = (from: number, count: number) => Array.from({ length: count }, (_, number) => from + number)
    const position = { epoch: 0x7fff, laps: 9, lastSequence: 2 ** 31 - 1 }
    const largest = expressionOf({
      generation: { exactly: 9 },
      nextGeneration: 10,
      nextOffset: 70,
      fencingToken: "mine",
      entry,
      tail: { kind: "drop", count: MAX_DROPPED_ENTRIES, bytes: 99 },
      producers: ids(0, MAX_ADVANCED_PRODUCERS).map((id) => ({ id, from: "new", to: position })),
      evict: ids(100, MAX_EVICTED_PRODUCERS).map((id) => ({ id, position })),
    })
    expectToFit(largest.UpdateExpression, largest.ConditionExpression)
  })
})

describe("a change's expressions", () => {
  it("leave out what says nothing", () => {
    expect(changeExpression({ kind: "log_start", from: 0, to: 5, bytesBelowStart: 0 })).toEqual({
      ConditionExpression: "attribute_exists(g) AND attribute_not_exists(l)",
      UpdateExpression: "SET l = :0 REMOVE z",
      ExpressionAttributeValues: { ":0": { N: "5" } },
    })
    expect(changeExpression({ kind: "fence", from: "mine", to: undefined })).toEqual({
      ConditionExpression: "attribute_exists(g) AND f = :0",
      UpdateExpression: "REMOVE f",
      ExpressionAttributeValues: { ":0": { S: "mine" } },
    })
  })
})

describe("a group's commit", () => {
  it("fits with all partitions of an item, fenced and with metadata or none", () => {
    for (const metadata of ["", "some"]) {
      const commits = Array.from({ length: 32 }, (_, partition) => {
        const ref = { topicId: "0190c5a2-7d3e-7a3b-8f00-ba9876543210", partition: 9_984 + partition }
        return { partition: ref, topic: "orders", offset: 2 ** 52, metadata, committedAt: 1_763_600_000_000 }
      })
      const [run, ...others] = runsOf("billing", commits)
      if (run === undefined || others.length > 0) throw new Error("not one item")
      const update = commitUpdate("table", run, { epoch: 123_456 })
      expectToFit(update.UpdateExpression, update.ConditionExpression ?? "")
    }
  })
})

function expectToFit(...expressions: readonly string[]): void {
  for (const expression of expressions) {
    expect(expression.length).toBeLessThan(MAX_EXPRESSION_BYTES)
    expect(expression.match(/\b(AND|OR|NOT)\b|[<=+]+|\w\(/g)?.length).toBeLessThan(MAX_OPERATORS)
  }
}
