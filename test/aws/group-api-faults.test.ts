/** What a member of a group hears over HTTP when the client of DynamoDB meets faults, and what the group then is. */
import { randomUUID } from "node:crypto"
import { polled } from "stratalog/protocol"
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest"
import { describeOnDynamoDb } from "./dynamodb.ts"
import { type FaultySubject, faultySubject } from "./faulty-service.ts"

/** More than any client tries. */
const ALL = 1_000

describeOnDynamoDb("a member of a group over HTTP", () => {
  let subject: FaultySubject
  let topic = ""
  let group = ""
  beforeAll(async () => {
    subject = await faultySubject()
  })
  beforeEach(async () => {
    topic = await subject.newTopic()
    group = `group-${randomUUID()}`
    await produce("a", "b")
  })
  afterEach(() => subject.dynamoDb.clear())
  afterAll(() => subject.dispose())

  async function produce(...values: string[]): Promise<void> {
    const records = values.map((value) => ({ value }))
    const made = await subject.another().send("POST", `/v1/topics/${topic}/partitions/0/records`, { records })
    expect(made.status).toBe(200)
  }

  /** By the process that meets the faults. */
  const poll = (memberId: string, more: object = {}, service = subject.service) =>
    service.send("POST", `/v1/groups/${group}/members/${memberId}/poll`, { topics: [topic], ...more })
  const commitOf = (offset: number) => ({ commit: [{ topic, partition: 0, offset }] })
  const assigned = () => [{ topic, partitions: [0] }]

  async function described(): Promise<unknown> {
    const { body } = await subject.another().send("GET", `/v1/groups/${group}`)
    return body["members"]
  }

  async function committed(): Promise<unknown> {
    const { status, body } = await subject.another().send("GET", `/v1/groups/${group}/offsets`)
    return status === 404 ? [] : body["offsets"]
  }

  for (const command of ["UpdateItem", "TransactWriteItems", "Query", "BatchGetItem"]) {
    it(`joins, claims and reads though answers are lost: ${command}`, async () => {
      subject.dynamoDb.loseAnswers(command, 1)
      const { status, body } = await poll("m1")
      expect(status, JSON.stringify(body)).toBe(200)
      expect(subject.dynamoDb.left()).toBe(0)
      const { assignment, batches } = polled.parse(body)
      expect(assignment).toMatchObject(assigned())
      expect(batches.map(({ records }) => records.length)).toEqual([2])
      expect(await described()).toMatchObject([{ memberId: "m1", assignment: assigned(), revoking: [] }])
    })

    it(`is told that it failed when nothing is answered, and is whole when it asks again: ${command}`, async () => {
      subject.dynamoDb.loseAnswers(command, ALL)
      const { status, body } = await poll("m1", { number: 1 })
      expect(subject.dynamoDb.left()).toBeLessThan(ALL)
      expect([status, body["retryable"]]).toEqual([503, true])
      subject.dynamoDb.clear()
      expect((await poll("m1", { number: 2 })).status).toBe(200)
      expect(await described()).toMatchObject([{ memberId: "m1", assignment: assigned() }])
    })
  }

  it("commits once though the answer is lost, and the same again is no error", async () => {
    await poll("m1")
    loseCommits(1)
    expect((await poll("m1", commitOf(1))).status).toBe(200)
    expect((await poll("m1", commitOf(1))).status).toBe(200)
    expect(await committed()).toMatchObject([{ topic, partition: 0, offset: 1 }])
  })

  it("is told that nobody knows when no commit is answered, and commits by asking again", async () => {
    await poll("m1")
    loseCommits(ALL)
    expect(await poll("m1", commitOf(1))).toMatchObject({ status: 503, body: { sideEffects: "unknown" } })
    subject.dynamoDb.clear()
    expect((await poll("m1", commitOf(2))).status).toBe(200)
    expect(await committed()).toMatchObject([{ offset: 2 }])
  })

  it("hands on its partition without a gap: what it committed last, answered or not, is where the next one begins", async () => {
    await poll("m1")
    loseCommits(ALL)
    await poll("m1", commitOf(1))
    subject.dynamoDb.clear()
    const left = await subject.service.send("DELETE", `/v1/groups/${group}/members/m1`)
    expect(left.status).toBe(204)
    const next = polled.parse((await poll("m2", {}, subject.another())).body)
    expect(next.batches.map(({ records }) => records.map(({ offset }) => offset))).toEqual([[1]])
    // What the former owner says now is heard by nobody.
    expect((await poll("m1", commitOf(2))).body).toMatchObject({ code: "member_not_found" })
    expect(await committed()).toMatchObject([{ offset: 1 }])
  })

  it("leaves once though answers are lost", async () => {
    await poll("m1")
    await poll("m2")
    subject.dynamoDb.loseAnswers("TransactWriteItems", 1)
    subject.dynamoDb.loseAnswers("DeleteItem", 1)
    expect((await subject.service.send("DELETE", `/v1/groups/${group}/members/m1`)).status).toBe(204)
    expect(subject.dynamoDb.left()).toBe(0)
    expect(await described()).toMatchObject([{ memberId: "m2" }])
    expect(polled.parse((await poll("m2")).body).assignment).toMatchObject(assigned())
  })

  /** The next so many attempts to write committed offsets take effect, and nobody hears of it. */
  function loseCommits(times: number): void {
    let left = times
    subject.dynamoDb.detour("UpdateItem", async (input, send) => {
      const isCommit = String(input["UpdateExpression"]).includes("o0 = ")
      const answer = await send(input)
      if (!isCommit || left === 0) return answer
      left -= 1
      throw Object.assign(new Error("the connection broke"), { code: "ECONNRESET", $metadata: { attempts: 1 } })
    })
  }
})
