/** Touches, claims, fenced commits and changes of members whose requests or answers are lost, throttled or meet others. */
import { ConditionalCheckFailedException, QueryCommand, TransactionCanceledException } from "@aws-sdk/client-dynamodb"
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest"
import type { GroupStore, MembersChange } from "../../functions/groups/ports.ts"
import { membersKey } from "../../functions/storage/aws/dynamodb/codec/group-members.ts"
import { createGroupStore } from "../../functions/storage/aws/dynamodb/groups/group-store.ts"
import { targetOf } from "../contract/group-claims.ts"
import { commitOf } from "../contract/group-offsets.ts"
import { type GroupState, memberOf, stateOf, T0 } from "../contract/group-states.ts"
import { clientsForTests, describeOnDynamoDb, type TemporaryTable, temporaryTable } from "./dynamodb.ts"
import { FaultyDynamoDb } from "./faulty-dynamodb.ts"

const UNKNOWN = { kind: "unavailable", reason: "storage_failed", sideEffects: "unknown" }
const THROTTLED = { kind: "unavailable", reason: "throttled", sideEffects: "none" }
/** More than any client tries. */
const ALL = 30

type Detour = Parameters<FaultyDynamoDb["detour"]>[1]

describeOnDynamoDb("faults and members of groups", () => {
  let made: TemporaryTable
  let faults: FaultyDynamoDb
  let faulty: ReturnType<typeof clientsForTests>
  /** Meets the faults. */
  let store: GroupStore
  let others: GroupStore
  let groups = 0
  let group = ""
  beforeAll(async () => {
    made = await temporaryTable()
    others = createGroupStore(made.clients, made.table)
  })
  afterAll(() => made.dispose())
  beforeEach(() => {
    faults = new FaultyDynamoDb()
    faulty = clientsForTests(faults.adapt)
    store = createGroupStore(faulty, made.table)
    groups += 1
    group = `group-${groups}`
  })
  afterEach(() => faulty.destroy())

  const seen = async (memberId: string) => {
    const outcome = await others.members(group)
    return outcome.kind === "members" ? outcome.seen.get(memberId) : outcome
  }

  describe("a touch", () => {
    it("with a number is the same again when its answer is lost", async () => {
      faults.loseAnswers("UpdateItem", 2)
      expect(await store.touch(group, "m1", { at: T0, number: 5 })).toEqual({ kind: "touched", number: 5 })
      expect(faults.left()).toBe(0)
      expect(await seen("m1")).toEqual({ at: T0, number: 5 })
    })

    it("without one counts twice then, and is told a number that is above all before and the highest", async () => {
      await others.touch(group, "m1", { at: T0, number: 5 })
      faults.loseAnswers("UpdateItem", 1)
      expect(await store.touch(group, "m1", { at: T0 + 1 })).toEqual({ kind: "touched", number: 7 })
      expect(faults.left()).toBe(0)
      expect(await seen("m1")).toEqual({ at: T0 + 1, number: 7 })
    })

    it("is late where a later one came before its answer was missed", async () => {
      faults.loseAnswers("UpdateItem", 1, () => others.touch(group, "m1", { at: T0, number: 6 }))
      expect(await store.touch(group, "m1", { at: T0, number: 5 })).toEqual({ kind: "late", number: 6 })
      expect(faults.left()).toBe(0)
    })

    it("that never comes is none, and an answer that never comes is unknown", async () => {
      faults.loseRequests("UpdateItem", 1)
      expect(await store.touch(group, "m1", { at: T0 })).toEqual({ kind: "touched", number: 1 })
      faults.loseAnswers("UpdateItem", ALL)
      expect(await store.touch(group, "m1", { at: T0 })).toMatchObject(UNKNOWN)
      expect(faults.left()).toBeLessThan(ALL)
    })

    it("waits for transactions to pass, and is throttled where they do not, or where DynamoDB says so", async () => {
      faults.detour("UpdateItem", failing("TransactionConflictException", 2))
      expect(await store.touch(group, "m1", { at: T0 })).toEqual({ kind: "touched", number: 1 })
      for (const name of ["TransactionConflictException", "ProvisionedThroughputExceededException"]) {
        faults.detour("UpdateItem", failing(name, ALL))
        expect(await store.touch(group, "m1", { at: T0 })).toMatchObject(THROTTLED)
      }
      expect(await seen("m1")).toEqual({ at: T0, number: 1 })
    })
  })

  describe("a claim", () => {
    const targets = [targetOf(0), targetOf(1)]
    const claimed = [{ kind: "claimed", committed: commitOf(0, 5) }, { kind: "claimed" }]
    beforeEach(() => others.commit(group, [commitOf(0, 5)], { epoch: 1 }))

    it("is the same again when its answer is lost", async () => {
      faults.loseAnswers("UpdateItem", 2)
      expect(await store.claim(group, targets, 2)).toEqual({ kind: "claims", claims: claimed })
      expect(faults.left()).toBe(0)
      expect(await others.commit(group, [commitOf(0, 6)], { epoch: 1 })).toMatchObject({ kind: "fenced" })
    })

    it("is fenced where somebody newer came before its answer was missed", async () => {
      faults.loseAnswers("UpdateItem", 1, () => others.claim(group, [targetOf(1)], 9))
      const claims = [claimed[0], { kind: "fenced", epoch: 9 }]
      expect(await store.claim(group, targets, 2)).toEqual({ kind: "claims", claims })
      expect(faults.left()).toBe(0)
    })

    it("tells of the commit that came between its read and its write", async () => {
      faults.detour(
        "BatchGetItem",
        then(() => others.commit(group, [commitOf(1, 8)], { epoch: 1 })),
      )
      const claims = [claimed[0], { kind: "claimed", committed: commitOf(1, 8) }]
      expect(await store.claim(group, targets, 2)).toEqual({ kind: "claims", claims })
    })

    it("makes the offsets' item again where the group was deleted meanwhile", async () => {
      faults.detour(
        "BatchGetItem",
        then(() => others.delete(group)),
      )
      const nothing = { kind: "claimed" }
      expect(await store.claim(group, targets, 2)).toEqual({ kind: "claims", claims: [nothing, nothing] })
      expect(await others.claim(group, targets, 1)).toMatchObject({ claims: [{ kind: "fenced" }, { kind: "fenced" }] })
    })

    it("is unknown where no attempt is answered, and none where it is throttled or nothing can be read", async () => {
      faults.loseAnswers("UpdateItem", ALL)
      expect(await store.claim(group, targets, 2)).toMatchObject(UNKNOWN)
      expect(faults.left()).toBeLessThan(ALL)
      faults.clear()
      faults.detour("UpdateItem", failing("ThrottlingException", ALL))
      expect(await store.claim(group, targets, 3)).toMatchObject(THROTTLED)
      faults.clear()
      faults.loseAnswers("BatchGetItem", ALL)
      expect(await store.claim(group, targets, 3)).toMatchObject({ kind: "unavailable", sideEffects: "none" })
      expect(await others.claim(group, targets, 2)).toEqual({ kind: "claims", claims: claimed })
    })

    it("of partitions that lie in several items is unknown where one of them fails", async () => {
      let calls = 0
      faults.detour("UpdateItem", async (input, send) => {
        calls += 1
        return calls > 1 ? failing("ThrottlingException", 1)(input, send) : send(input)
      })
      const outcome = await store.claim(group, [targetOf(0), targetOf(40)], 2)
      expect(outcome).toMatchObject({ kind: "unavailable", reason: "throttled", sideEffects: "unknown" })
    })
  })

  describe("a fenced commit", () => {
    const commits = { UpdateItem: [commitOf(0, 5)], TransactWriteItems: [commitOf(0, 5), commitOf(40, 5)] } as const
    beforeEach(() => others.commit(group, [commitOf(0, 1), commitOf(40, 1)], { epoch: 1 }))

    for (const [command, offsets] of Object.entries(commits)) {
      it(`is told by the same commit again: ${command}`, async () => {
        faults.loseAnswers(command, 1)
        expect(await store.commit(group, offsets, { epoch: 2 })).toEqual({ kind: "committed" })
        expect(faults.left()).toBe(0)
        expect(await others.claim(group, [targetOf(0)], 1)).toMatchObject({ claims: [{ kind: "fenced", epoch: 2 }] })
      })

      it(`is never a refusal where somebody claimed after it took effect: ${command}`, async () => {
        faults.loseAnswers(command, 1, () => others.claim(group, [targetOf(0)], 9))
        const outcome = await store.commit(group, offsets, { epoch: 2 })
        // DynamoDB remembers what it did for the token of a transaction.
        expect(outcome).toMatchObject(command === "UpdateItem" ? UNKNOWN : { kind: "committed" })
        expect(faults.left()).toBe(0)
        const claims = [{ kind: "claimed", committed: commitOf(0, 5) }]
        expect(await others.claim(group, [targetOf(0)], 9)).toEqual({ kind: "claims", claims })
      })
    }

    it("does nothing once it was fenced, however late it lands", async () => {
      const sent: Promise<unknown>[] = []
      const { promise: landed, resolve: land } = Promise.withResolvers<void>()
      faults.detour("UpdateItem", async (input, send) => {
        if (sent.length === 0) sent.push(landed.then(() => send(input)).catch((error: unknown) => error))
        throw Object.assign(new Error("the connection broke"), { code: "ECONNRESET", $metadata: { attempts: 1 } })
      })
      expect(await store.commit(group, [commitOf(0, 5)], { epoch: 1 })).toMatchObject(UNKNOWN)
      const claims = [{ kind: "claimed", committed: commitOf(0, 1) }]
      expect(await others.claim(group, [targetOf(0)], 2)).toEqual({ kind: "claims", claims })
      land()
      expect((await Promise.all(sent))[0]).toBeInstanceOf(ConditionalCheckFailedException)
      expect(await others.claim(group, [targetOf(0)], 2)).toEqual({ kind: "claims", claims })
    })
  })

  describe("a change of members", () => {
    const change = (next: GroupState, more: Partial<MembersChange> = {}): MembersChange => {
      return { expected: next.epoch - 1, next, gone: [], ...more }
    }
    const by = { memberId: "m1", number: 1 }
    const state = async () => {
      const outcome = await others.members(group)
      return outcome.kind === "members" ? outcome.state : outcome
    }
    beforeEach(async () => {
      await others.replaceMembers(group, change(stateOf(1, "m1")))
      await others.touch(group, "m1", { at: T0, number: 1 })
    })
    const changes = { PutItem: change(stateOf(2, "m1")), TransactWriteItems: change(stateOf(2, "m1"), { by }) } as const

    for (const [command, second] of Object.entries(changes)) {
      it(`is known again when its answer is lost: ${command}`, async () => {
        faults.loseAnswers(command, 1)
        expect(await store.replaceMembers(group, second)).toEqual({ kind: "replaced" })
        expect(faults.left()).toBe(0)
        expect(await state()).toEqual(second.next)
      })

      it(`is made by the next attempt when it never came: ${command}`, async () => {
        faults.loseRequests(command, 1)
        expect(await store.replaceMembers(group, second)).toEqual({ kind: "replaced" })
        expect(faults.left()).toBe(0)
      })

      it(`is told by what is there when no attempt is answered: ${command}`, async () => {
        faults.loseAnswers(command, ALL)
        expect(await store.replaceMembers(group, second)).toEqual({ kind: "replaced" })
        expect(faults.left()).toBeLessThan(ALL)
      })

      it(`may still come to land when none came, so nobody knows: ${command}`, async () => {
        faults.loseRequests(command, ALL)
        expect(await store.replaceMembers(group, second)).toMatchObject(UNKNOWN)
        expect(faults.left()).toBeLessThan(ALL)
        expect(await state()).toEqual(stateOf(1, "m1"))
      })

      it(`is certainly none where another has its epoch: ${command}`, async () => {
        const other = change(stateOf(2, "m1", "m2"))
        faults.detour(command, async (input, send) => {
          await others.replaceMembers(group, other)
          await send(input).catch(() => undefined)
          throw Object.assign(new Error("the connection broke"), { code: "ECONNRESET", $metadata: { attempts: 1 } })
        })
        expect(await store.replaceMembers(group, second)).toEqual({ kind: "changed" })
        expect(await state()).toEqual(other.next)
      })

      it(`is never a refusal where somebody went on from it: ${command}`, async () => {
        faults.loseAnswers(command, 1, () => others.replaceMembers(group, change(stateOf(3, "m1", "m2"))))
        const outcome = await store.replaceMembers(group, second)
        expect(outcome).toMatchObject(command === "PutItem" ? UNKNOWN : { kind: "replaced" })
        expect(faults.left()).toBe(0)
        expect(await state()).toEqual(stateOf(3, "m1", "m2"))
      })
    }

    it("is unknown where neither an attempt nor the look at the state is answered", async () => {
      faults.loseAnswers("PutItem", ALL)
      faults.loseAnswers("GetItem", ALL)
      expect(await store.replaceMembers(group, changes.PutItem)).toMatchObject(UNKNOWN)
    })

    it("waits for transactions to pass, and is throttled where they do not", async () => {
      faults.detour("TransactWriteItems", cancelled(2, "TransactionConflict"))
      expect(await store.replaceMembers(group, changes.TransactWriteItems)).toEqual({ kind: "replaced" })
      faults.detour("TransactWriteItems", cancelled(ALL, "TransactionConflict"))
      expect(await store.replaceMembers(group, change(stateOf(3, "m1"), { by }))).toMatchObject(THROTTLED)
      faults.detour("TransactWriteItems", cancelled(ALL, "ThrottlingError"))
      expect(await store.replaceMembers(group, change(stateOf(3, "m1"), { by }))).toMatchObject(THROTTLED)
      expect(await state()).toEqual(stateOf(2, "m1"))
    })

    it("that does not fit an item is refused before anything is asked", async () => {
      const topics = Array.from({ length: 100 }, (_, index) => `${index}`)
      const random = (seed: number) =>
        Array.from({ length: 240 }, (_, at) => CHARACTERS[noise(seed * 240 + at)]).join("")
      const members = Array.from({ length: 200 }, (_, index) => {
        return memberOf(`m${index}`, { topics: topics.map((_each, topic) => random(index * 100 + topic)) })
      })
      faults.clear()
      const outcome = await store.replaceMembers(group, change(stateOf(2, ...members), { gone: ["m1"] }))
      expect(outcome).toMatchObject({ kind: "unavailable", reason: "storage_full", sideEffects: "none" })
      expect(faults.attempts).toEqual(new Map())
    })

    it("stands where those that are gone could not be forgotten, and they are strangers later", async () => {
      faults.loseRequests("DeleteItem", ALL)
      const gone = change(stateOf(2, "m2"), { gone: ["m1"] })
      expect(await store.replaceMembers(group, gone)).toEqual({ kind: "replaced" })
      expect(faults.left()).toBeLessThan(ALL)
      expect(await seen("m1")).toEqual({ at: T0, number: 1 })
      await others.touch(group, "young", { at: T0 + 2 * HOUR_MS - 1 })
      await others.touch(group, "m2", { at: T0 })
      await others.touch(group, "m3", { at: T0 + 2 * HOUR_MS })
      for (let epoch = 3; epoch <= 15; epoch += 1)
        await others.replaceMembers(group, change(stateOf(epoch, "m2", "m3")))
      expect(await sortKeys()).toEqual(["/", "m1", "m2", "m3", "young"])
      await others.replaceMembers(group, change(stateOf(16, "m2", "m3")))
      expect(await sortKeys()).toEqual(["/", "m2", "m3", "young"])
    })

    it("does not forget who came again since", async () => {
      faults.detour(
        "PutItem",
        then(() => others.touch(group, "m1", { at: T0 + 1, number: 2 })),
      )
      const gone = change(stateOf(2, "m2"), { gone: ["m1"] })
      expect(await store.replaceMembers(group, gone)).toEqual({ kind: "replaced" })
      expect(await seen("m1")).toEqual({ at: T0 + 1, number: 2 })
    })

    async function sortKeys(): Promise<readonly (string | undefined)[]> {
      const command = new QueryCommand({
        TableName: made.table,
        KeyConditionExpression: "pk = :members",
        ExpressionAttributeValues: { ":members": { S: membersKey(group) } },
      })
      const { Items: items = [] } = await made.clients.repeating.send(command)
      return items.map((item) => item["sk"]?.S)
    }
  })
})

const HOUR_MS = 3_600_000
const CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._"

/** From 0 to 63, as if by chance. */
function noise(index: number): number {
  return Math.floor(Math.abs(Math.sin(index + 1) * 1_000_000)) % CHARACTERS.length
}

/** Something happens after the first request was answered, before its caller knows. */
function then(meanwhile: () => unknown): Detour {
  let done = false
  return async (input, send) => {
    const answer = await send(input)
    if (!done) await meanwhile()
    done = true
    return answer
  }
}

/** The first so many fail by an error of this name, before any effect. */
function failing(name: string, times: number): Detour {
  let left = times
  return async (input, send) => {
    left -= 1
    if (left < 0) return send(input)
    throw Object.assign(new Error("try again"), { name, $metadata: { attempts: 1 } })
  }
}

/** The first so many transactions are cancelled for this about their first item. */
function cancelled(times: number, code: string): Detour {
  let left = times
  return async (input, send) => {
    left -= 1
    if (left < 0) return send(input)
    const CancellationReasons = [{ Code: code }, { Code: "None" }]
    throw new TransactionCanceledException({ message: "cancelled", CancellationReasons, $metadata: {} })
  }
}
