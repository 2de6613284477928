// A handler made of a batch handler, invoked as Lambda does, on the embedded service.
import { Stratalog } from "stratalog"
import { consumerHandler, type LambdaConsumerOptions } from "stratalog/lambda"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { type EmbeddedService, openEmbeddedService } from "../../fakes/embedded-service.ts"

type Options = LambdaConsumerOptions<string | null, unknown, "utf8", "json">

let service: EmbeddedService
let log: Stratalog
beforeEach(async () => {
  service = await openEmbeddedService()
  log = new Stratalog({
    url: "http://service.test",
    fetch: async (url, init) => service.fetch(new Request(url, init)),
  })
  await log.topics.create("orders", { partitions: 2 })
})
afterEach(() => service.close())

const plenty = { getRemainingTimeInMillis: () => 600_000 }
const message = (messageId: string) => ({ messageId })
const silent = () => {}

async function write(partition: number, ...values: unknown[]): Promise<void> {
  await log.topic("orders").produce(values.map((value) => ({ value, partition })))
}

function handlerOf(eachBatch: Options["eachBatch"], options: Partial<Options> = {}) {
  return consumerHandler(log, {
    group: "billing",
    topics: ["orders"],
    eachBatch,
    idleMs: 300,
    retry: { attempts: 2, baseMs: 1 },
    report: silent,
    ...options,
  })
}

async function committed(): Promise<Record<number, number>> {
  const offsets = await log.group("billing").committed()
  return Object.fromEntries(offsets.map(({ partition, offset }) => [partition, offset]))
}

describe("a Lambda consumer", () => {
  it("goes through what there is, commits it and leaves the group", async () => {
    await write(0, 1, 2, 3)
    await write(1, 4)
    const seen: unknown[] = []
    const handler = handlerOf(({ records }) => void seen.push(...records.map(({ value }) => value)))
    expect(await handler({ Records: [message("a")] }, plenty)).toEqual({ batchItemFailures: [] })
    expect(seen.toSorted()).toEqual([1, 2, 3, 4])
    expect(await committed()).toEqual({ 0: 3, 1: 1 })
    expect((await log.group("billing").describe()).members).toEqual([])
    seen.length = 0
    await write(0, 5)
    await handler({}, plenty)
    expect(seen).toEqual([5])
  })

  it("goes on behind what was processed, and has SQS wake it again", async () => {
    await write(0, "a", "bad", "c")
    await write(1, "d")
    let mended = false
    const seen: unknown[] = []
    const handler = handlerOf(({ records }) => {
      const bad = records.findIndex(({ value }) => value === "bad" && !mended)
      seen.push(...records.slice(0, bad === -1 ? records.length : bad).map(({ value }) => value))
      const failed = records[bad]
      return failed && { batchItemFailures: [{ itemIdentifier: failed.offset }] }
    })
    const answer = await handler({ Records: [message("x"), message("y")] }, plenty)
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: "x" }, { itemIdentifier: "y" }] })
    expect(seen.toSorted()).toEqual(["a", "d"])
    expect(await committed()).toEqual({ 0: 1, 1: 1 })
    await expect(handler({}, plenty)).rejects.toThrow("offset")
    mended = true
    expect(await handler({}, plenty)).toEqual({ batchItemFailures: [] })
    expect(seen.toSorted()).toEqual(["a", "bad", "c", "d"])
  })

  it("puts a record away that fails as often as it may, and hands out no other twice", async () => {
    await log.topics.create("dead", { partitions: 1 })
    await write(0, "a", "bad", "c")
    const seen: unknown[] = []
    const handler = handlerOf(
      ({ records }) => {
        for (const { value, offset } of records) {
          if (value === "bad") return { batchItemFailures: [{ itemIdentifier: String(offset) }] }
          seen.push(value)
        }
        return undefined
      },
      { deadLetterTopic: "dead" },
    )
    expect(await handler({ Records: [message("x")] }, plenty)).toEqual({ batchItemFailures: [] })
    expect(seen).toEqual(["a", "c"])
    const { records } = await log.topic("dead").fetch(0)
    const [letter] = records
    expect(letter).toMatchObject({ value: "bad" })
    expect(new Map(letter?.headers).get("dlq.offset")).toBe("1")
    expect(await committed()).toEqual({ 0: 3 })
  })

  it("has SQS wake it again where it ends before a record has had all its attempts", async () => {
    await write(0, "bad")
    const handler = handlerOf(
      () => {
        throw new Error("not yet")
      },
      { retry: { attempts: 3, baseMs: 1e9, maxMs: 1e9 } },
    )
    expect(await handler({ Records: [message("x")] }, plenty)).toEqual({ batchItemFailures: [{ itemIdentifier: "x" }] })
  })

  it("ends before its time is over, and loses nothing of it", async () => {
    await write(0, 1, 2, 3, 4)
    const seen: unknown[] = []
    const short = { getRemainingTimeInMillis: () => 1_000 }
    const handler = handlerOf(
      async ({ records }, { signal }) => {
        seen.push(records[0]?.value)
        if (seen.length === 1) await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()))
      },
      { maxPollRecords: 1, timeToEndMs: 500 },
    )
    await handler({}, short)
    await handler({}, plenty)
    expect([...new Set(seen)]).toEqual([1, 2, 3, 4])
    expect(await committed()).toEqual({ 0: 4 })
  })
})
