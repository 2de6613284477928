/** The contracts of topics, groups and producer ids, on DynamoDB. */
import { PutItemCommand } from "@aws-sdk/client-dynamodb"
import { expect, it } from "vitest"
import { createAccessStore } from "../../functions/storage/aws/dynamodb/access-store.ts"
import type { DynamoDbClients } from "../../functions/storage/aws/dynamodb/client.ts"
import { producerKey } from "../../functions/storage/aws/dynamodb/codec/producer-epoch.ts"
import { UPKEEP_RECORD } from "../../functions/storage/aws/dynamodb/codec/upkeep-record.ts"
import { createGroupStore } from "../../functions/storage/aws/dynamodb/groups/group-store.ts"
import { createProducerIds } from "../../functions/storage/aws/dynamodb/producer-ids.ts"
import { createTopicStore } from "../../functions/storage/aws/dynamodb/topics.ts"
import { createUpkeepRecords } from "../../functions/storage/aws/dynamodb/upkeep-records.ts"
import { describeAccessStore } from "../contract/access-store.ts"
import { describeFencedCommits } from "../contract/fenced-commits.ts"
import { describeGroupClaims } from "../contract/group-claims.ts"
import { describeGroupMembers } from "../contract/group-members.ts"
import { commitOf, describeGroupOffsets } from "../contract/group-offsets.ts"
import { describeProducerIds, type ProducerIdsSubject } from "../contract/producer-ids.ts"
import type { Subject } from "../contract/subject.ts"
import { describeTopicStore, newTopic } from "../contract/topic-store.ts"
import { describeUpkeepRecords, type UpkeepRecordsSubject } from "../contract/upkeep-records.ts"
import { storedKey } from "../fakes/stored-key.ts"
import { clientsForTests, describeOnDynamoDb, type TemporaryTable, temporaryTable } from "./dynamodb.ts"

type Open<Store> = (clients: DynamoDbClients, table: string) => Store

async function makeSubject<Store>(open: Open<Store>): Promise<Subject<Store> & { readonly made: TemporaryTable }> {
  const made = await temporaryTable()
  let clients = made.clients
  return {
    made,
    store: open(clients, made.table),
    reopen: async () => {
      if (clients !== made.clients) clients.destroy()
      clients = clientsForTests()
      return open(clients, made.table)
    },
    dispose: async () => {
      if (clients !== made.clients) clients.destroy()
      await made.dispose()
    },
  }
}

async function makeProducerIds(): Promise<ProducerIdsSubject> {
  const subject = await makeSubject(createProducerIds)
  const setEpoch = async (id: number, epoch: number) => {
    const item = { ...producerKey(id), e: { N: `${epoch}` }, w: { S: "somebody else" } }
    const { clients, table } = subject.made
    await clients.repeating.send(new PutItemCommand({ TableName: table, Item: item }))
  }
  return { ...subject, setEpoch }
}

async function makeUpkeepRecords(): Promise<UpkeepRecordsSubject> {
  const subject = await makeSubject(createUpkeepRecords)
  const letters = { lastRun: "r", lastRound: "c", lastSweep: "s", lastNudge: "n" }
  const storeText = async (part: keyof typeof letters, text: string, version: number) => {
    const item = { ...UPKEEP_RECORD, v: { N: `${version}` }, [letters[part]]: { S: text } }
    const { clients, table } = subject.made
    await clients.repeating.send(new PutItemCommand({ TableName: table, Item: item }))
  }
  return { ...subject, storeText }
}

describeOnDynamoDb("stores", () => {
  describeTopicStore("DynamoDB", () => makeSubject(createTopicStore))
  describeGroupOffsets("DynamoDB", () => makeSubject(createGroupStore))
  describeGroupClaims("DynamoDB", () => makeSubject(createGroupStore))
  describeFencedCommits("DynamoDB", () => makeSubject(createGroupStore))
  describeGroupMembers("DynamoDB", () => makeSubject(createGroupStore))
  describeProducerIds("DynamoDB", makeProducerIds)
  describeUpkeepRecords("DynamoDB", makeUpkeepRecords)
  describeAccessStore("DynamoDB", () => makeSubject(createAccessStore))

  it("take any text for the start of a list, as cursors come from callers", async () => {
    const { clients, table, dispose } = await temporaryTable()
    const topics = createTopicStore(clients, table)
    const groups = createGroupStore(clients, table)
    const keys = createAccessStore(clients, table)
    await topics.create(newTopic("b"))
    await groups.commit("b", [commitOf(0, 1)])
    await keys.createKey(storedKey("b"))
    const starts = {
      b: ["a\ud800", "\u0000", "a".repeat(5_000), "a"],
      nothing: ["b\ud800", "\u{1f980}".repeat(5_000), "b"],
    }
    for (const after of [...starts.b, ...starts.nothing]) {
      const expected = starts.b.includes(after) ? ["b"] : []
      expect((await topics.list({ after, limit: 10 })).topics.map(({ name }) => name)).toEqual(expected)
      expect(await groups.list({ after, limit: 10 })).toEqual({ kind: "page", groups: expected })
      expect(await keys.listKeys({ after, limit: 10 })).toEqual({
        kind: "page",
        keys: expected.map((id) => storedKey(id)),
      })
    }
    await dispose()
  })
})
