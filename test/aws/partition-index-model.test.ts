/** Whatever is asked, the fake that the append protocol is simulated on answers as DynamoDB does. */
import fc from "fast-check"
import { afterAll, beforeAll, expect, it } from "vitest"
import type { PartitionRef } from "../../functions/log/ports.ts"
import type {
  Commit,
  Entry,
  Head,
  HeadChange,
  PartitionIndex,
  ProducerPosition,
} from "../../functions/partitions/ports.ts"
import { entrySize } from "../../functions/storage/aws/dynamodb/codec/entry.ts"
import { createPartitionIndex } from "../../functions/storage/aws/dynamodb/partition-index/partition-index.ts"
import { commitOf, headOf, newEntry, newPartition, placedEntry } from "../contract/partition-index/fixture.ts"
import { createMemoryPartitionIndex } from "../fakes/memory-partition-index.ts"
import { describeOnDynamoDb, type TemporaryTable, temporaryTable } from "./dynamodb.ts"

const seed = Number(process.env["STRATALOG_SEED"] ?? Date.now() % 0x7fff_ffff)
console.log(`the index in memory against DynamoDB: STRATALOG_SEED=${seed}`)

const IDS = [1, 2, 36]

/** How far from what the head has: mostly exactly that. */
const off = fc.constantFrom(0, 0, 0, 0, 0, 1, -1)
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 2 })

const advance = fc.record({
  from: fc.constantFrom("new", "head", "head", "head", "head", "other"),
  evenIfSpilled: fc.boolean(),
  epochs: fc.constantFrom(0, 0, 1),
})

const commitStep = fc.record({
  kind: fc.constant("commit" as const),
  /** Says what a commit has to say for what it changes. */
  careful: fc.constantFrom(true, true, true, true, true, false),
  exactly: maybe(off),
  atMost: off,
  raise: maybe(fc.constantFrom(1, 2)),
  entry: fc.constantFrom("inline", "inline", "item", "in tail", "none"),
  tail: fc.constantFrom("append", "append", "append", "replace", "drop"),
  limit: fc.constantFrom(0, 1, 100_000),
  drop: fc.nat({ max: 3 }),
  nextOffset: maybe(off),
  token: fc.constantFrom(undefined, undefined, "a", "b"),
  advances: fc.array(fc.option(advance, { nil: undefined, freq: 1 }), { minLength: IDS.length, maxLength: IDS.length }),
  evict: fc.array(maybe(fc.constantFrom("head", "head", "other")), { minLength: IDS.length, maxLength: IDS.length }),
})
const changeStep = fc.record({
  kind: fc.constantFrom("log_start" as const, "tiered_to" as const, "fence" as const),
  by: off,
  token: fc.constantFrom(undefined, "a", "b"),
})
const step = fc.oneof({ weight: 5, arbitrary: commitStep }, { weight: 1, arbitrary: changeStep })

type CommitStep = typeof commitStep extends fc.Arbitrary<infer T> ? T : never
type ChangeStep = typeof changeStep extends fc.Arbitrary<infer T> ? T : never

describeOnDynamoDb("the index in memory", () => {
  let access: TemporaryTable
  let real: PartitionIndex
  beforeAll(async () => {
    access = await temporaryTable()
    real = createPartitionIndex(access)
  })
  afterAll(() => access.dispose())

  it("answers as DynamoDB does", async () => {
    const seen = { committed: 0, refused: 0, mistake: 0 }
    const property = fc.asyncProperty(fc.array(step, { minLength: 15, maxLength: 30, size: "max" }), async (steps) => {
      const fake = createMemoryPartitionIndex()
      const partition = await newPartition(real)
      await fake.createHeads(partition.topicId, 1)
      for (const one of steps) {
        const head = await headOf(fake, partition)
        const request = requestOf(one, head)
        const [expected, outcome] = await Promise.all([
          answer(fake, partition, request),
          answer(real, partition, request),
        ])
        expect(expected).toEqual(outcome)
        seen[kindOf(expected)] += 1
      }
      expect(await headOf(fake, partition)).toEqual(await headOf(real, partition))
    })
    await fc.assert(property, { seed, numRuns: 30 })
    console.log(`answers compared: ${JSON.stringify(seen)}`)
    expect(seen.committed).toBeGreaterThan(100)
    expect(seen.refused).toBeGreaterThan(100)
  })
})

type Request = { readonly commit: Commit } | { readonly change: HeadChange }

async function answer(index: PartitionIndex, partition: PartitionRef, request: Request): Promise<unknown> {
  try {
    return "commit" in request
      ? await index.commit(partition, request.commit)
      : await index.change(partition, request.change)
  } catch (error) {
    if (error instanceof TypeError) return { kind: "mistake" }
    throw error
  }
}

function kindOf(outcome: unknown): "committed" | "refused" | "mistake" {
  return (outcome as { kind: "committed" | "refused" | "mistake" }).kind
}

function requestOf(one: CommitStep | ChangeStep, head: Head): Request {
  return one.kind === "commit" ? { commit: commitIn(one, head) } : { change: changeIn(one, head) }
}

function commitIn(one: CommitStep, head: Head): Commit {
  const entry = entryIn(one, head)
  const producers = one.advances.flatMap((each, at) => advanceIn(each, IDS[at] ?? 0, head))
  const evict = one.evict.flatMap((each, at) => {
    const position = head.producers.get(IDS[at] ?? 0)
    if (each === undefined || position === undefined || one.advances[at] !== undefined) return []
    return [{ id: IDS[at] ?? 0, position: each === "head" ? position : later(position) }]
  })
  const { careful } = one
  const named = careful && (one.tail === "drop" || producers.some(({ evenIfSpilled }) => evenIfSpilled))
  const exactly = one.exactly ?? (named ? one.atMost : undefined)
  const known = head.generation + (exactly ?? one.atMost)
  const rolls = careful && (one.tail !== "append" || evict.length > 0 || entry === undefined)
  const raise = one.raise ?? (rolls ? 1 : undefined)
  const nextOffset = one.nextOffset ?? (careful && one.tail === "replace" ? 0 : undefined)
  return commitOf({
    generation: exactly === undefined ? { atMost: known } : { exactly: known },
    ...(raise !== undefined && { nextGeneration: known + raise }),
    ...(entry !== undefined && { entry }),
    tail: tailIn(one, head),
    ...(nextOffset !== undefined && { nextOffset: Math.max(0, head.nextOffset + nextOffset) }),
    ...(one.token !== undefined && head.fencingToken !== undefined && { fencingToken: one.token }),
    producers,
    evict,
  })
}

function entryIn({ entry }: CommitStep, head: Head): Entry | undefined {
  switch (entry) {
    case "inline":
      return newEntry(2)
    case "item":
      return placedEntry("item", 3)
    case "in tail":
      return head.tail.at(-1)
    default:
      return undefined
  }
}

function tailIn({ tail, limit, drop }: CommitStep, head: Head): Commit["tail"] {
  if (tail === "replace") return { kind: "replace" }
  if (tail === "append") return { kind: "append", limit: head.tailBytes + limit }
  const dropped = head.tail.slice(0, drop)
  return { kind: "drop", count: drop, bytes: dropped.reduce((sum, entry) => sum + entrySize(entry), 0) }
}

function advanceIn(each: CommitStep["advances"][number], id: number, head: Head): Commit["producers"] {
  if (each === undefined) return []
  const known = head.producers.get(id) ?? { epoch: 0, laps: 0, lastSequence: 0 }
  const to = later({ ...known, epoch: known.epoch + each.epochs })
  const from = each.from === "new" ? "new" : each.from === "head" ? known : later(known)
  return [{ id, from, evenIfSpilled: each.evenIfSpilled, to }]
}

function later(position: ProducerPosition): ProducerPosition {
  return { ...position, lastSequence: position.lastSequence + 1 }
}

function changeIn({ kind, by, token }: ChangeStep, head: Head): HeadChange {
  switch (kind) {
    case "log_start": {
      const from = Math.max(0, head.logStartOffset + by)
      return { kind, from, to: from + 2, bytesBelowStart: head.bytesBelowStart + 10 }
    }
    case "tiered_to": {
      const from = Math.max(0, head.tieredTo + by)
      return { kind, from, to: from + 2 }
    }
    case "fence":
      return { kind, from: by === 0 ? head.fencingToken : "c", to: token }
  }
}
