/** What names a group in the lists, beside its offsets: right for readers whatever happens at once or stops half-way. */
import { DeleteItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb"
import { afterAll, beforeAll, expect, it } from "vitest"
import type { GroupStore } from "../../functions/groups/ports.ts"
import { GROUPS, runKey } from "../../functions/storage/aws/dynamodb/codec/committed-offsets.ts"
import { groupEntry, makeRuns, removeMarked } from "../../functions/storage/aws/dynamodb/groups/entries.ts"
import { createGroupStore } from "../../functions/storage/aws/dynamodb/groups/group-store.ts"
import { runsOf } from "../../functions/storage/aws/dynamodb/groups/runs.ts"
import { commitOf } from "../contract/group-offsets.ts"
import { stateOf } from "../contract/group-states.ts"
import { describeOnDynamoDb, type TemporaryTable, temporaryTable } from "./dynamodb.ts"

describeOnDynamoDb("a group's entry", () => {
  let made: TemporaryTable
  let groups: GroupStore
  beforeAll(async () => {
    made = await temporaryTable()
    groups = createGroupStore(made.clients, made.table)
  })
  afterAll(() => made.dispose())

  it("shows no group that was only prepared, and that one is no group to delete", async () => {
    await makeRuns(made.clients, made.table, "prepared", runsOf("prepared", [commitOf(0, 1)]))
    expect(await listed()).not.toContain("prepared")
    expect(await groups.read("prepared")).toEqual({ kind: "not_found" })
    expect(await groups.delete("prepared")).toEqual({ kind: "not_found" })
    expect(await entries()).not.toContain("prepared")
  })

  it("shows no group whose deletion stopped half-way, and goes with the next", async () => {
    await groups.commit("half", [commitOf(0, 1)])
    const { topicId } = commitOf(0, 1).partition
    await made.clients.repeating.send(new DeleteItemCommand({ TableName: made.table, Key: runKey("half", topicId, 0) }))
    expect(await entries()).toContain("half")
    expect(await listed()).not.toContain("half")
    expect(await groups.delete("half")).toEqual({ kind: "not_found" })
    expect(await entries()).not.toContain("half")
  })

  it("stays where offsets were committed since it was looked at", async () => {
    await groups.commit("lives", [commitOf(0, 1)])
    const entry = await groupEntry(made.clients, made.table, "lives")
    if (entry === undefined) throw new Error("no entry")
    await groups.commit("lives", [commitOf(100, 1)])
    await removeMarked(made.clients, made.table, [entry])
    expect(await entries()).toContain("lives")
  })

  it("stays where members came since it was looked at, and while they are there", async () => {
    await groups.commit("joined", [commitOf(0, 1)])
    const entry = await groupEntry(made.clients, made.table, "joined")
    if (entry === undefined) throw new Error("no entry")
    await groups.replaceMembers("joined", { expected: 0, next: stateOf(1, "m1"), gone: [] })
    await removeMarked(made.clients, made.table, [entry])
    expect(await groups.delete("joined")).toEqual({ kind: "deleted" })
    expect(await listed()).toContain("joined")
    // What makes an item of the group's offsets leaves the word of its members.
    await groups.commit("joined", [commitOf(0, 1)])
    expect(await groups.forgetTopic(commitOf(0, 1).partition.topicId)).toEqual({ kind: "done" })
    expect(await listed()).toContain("joined")
    await groups.replaceMembers("joined", { expected: 1, next: stateOf(2), gone: [] })
    expect(await listed()).not.toContain("joined")
    expect(await groups.delete("joined")).toEqual({ kind: "not_found" })
    expect(await entries()).not.toContain("joined")
  })

  it("is there for every group with members, however they come and go beside commits and deletions", async () => {
    const { topicId } = commitOf(0, 1).partition
    for (let round = 0; round < 15; round += 1) {
      const next = round % 2 === 0 ? stateOf(round + 1, "m1") : stateOf(round + 1)
      const [replaced] = await Promise.all([
        groups.replaceMembers("comes", { expected: round, next, gone: [] }),
        groups.commit("comes", [commitOf(0, round)]),
        groups.delete("comes"),
        groups.forgetTopic(topicId),
      ])
      expect(replaced, `round ${round}`).toEqual({ kind: "replaced" })
      const alive = round % 2 === 0 || (await groups.read("comes")).kind === "offsets"
      expect((await listed()).includes("comes"), `round ${round}`).toBe(alive)
    }
  })

  it("is there for every group with offsets, however commits, deletions and forgotten topics meet", async () => {
    const { topicId } = commitOf(0, 1).partition
    for (let round = 0; round < 15; round += 1) {
      const names = ["race-a", "race-b"]
      await Promise.all([
        ...names.flatMap((name) => [0, 40].map((partition) => groups.commit(name, [commitOf(partition, round)]))),
        ...names.map((name) => groups.delete(name)),
        groups.forgetTopic(topicId),
      ])
      for (const name of names) {
        const alive = (await groups.read(name)).kind === "offsets"
        expect((await listed()).includes(name), `${name} in round ${round}`).toBe(alive)
      }
      await groups.forgetTopic(topicId)
      for (const name of names) expect(await groups.read(name), `after round ${round}`).toEqual({ kind: "not_found" })
    }
  })

  async function listed(): Promise<readonly string[]> {
    const outcome = await groups.list({ limit: 1_000 })
    if (outcome.kind !== "page") throw new Error(outcome.detail)
    return outcome.groups
  }

  async function entries(): Promise<readonly (string | undefined)[]> {
    const command = new QueryCommand({
      TableName: made.table,
      KeyConditionExpression: "pk = :groups",
      ExpressionAttributeValues: { ":groups": { S: GROUPS } },
    })
    const { Items: items = [] } = await made.clients.repeating.send(command)
    return items.map((item) => item["sk"]?.S)
  }
})
