/**
 * Members that come, go and die over a network that loses, delays and refuses: every record is processed, a key's records
 * never before the ones that came earlier, and no offset is committed before all records below it were processed.
 */
import fc from "fast-check"
import type { Consumer } from "stratalog"
import { expect, it } from "vitest"
import { ConsumersUnderTest, numbered } from "../../fakes/consumer-under-test.ts"
import type { Fault } from "../../fakes/faulty-fetch.ts"

const PARTITIONS = 3
const RECORDS = 30

const fault = fc.oneof(
  { weight: 12, arbitrary: fc.constant<Fault>({ kind: "none" }) },
  fc.constantFrom<Fault>(
    { kind: "refused" },
    { kind: "lost_request" },
    { kind: "lost_answer" },
    { kind: "cut_body" },
    { kind: "late" },
    { kind: "hangs", arrives: true },
    { kind: "hangs", arrives: false },
    { kind: "problem", code: "too_many_requests", retryAfter: "3" },
    { kind: "problem", code: "unavailable" },
    { kind: "gateway", status: 502, arrives: true },
    { kind: "gateway", status: 504, arrives: false },
  ),
)

const step = fc.constantFrom("join", "close", "die", "expel", "late", "go on", "go on")

interface Member {
  readonly consumer: Consumer
  readonly running: Promise<void>
  readonly network: ReturnType<ConsumersUnderTest["client"]>["network"]
  isDead: boolean
}

it("processes every record, each key in its order, and commits no more than that, whatever the network does", async () => {
  const faults = fc.array(fault, { minLength: 20, maxLength: 60 })
  const steps = fc.array(step, { maxLength: 8 })
  const property = fc.asyncProperty(
    faults,
    steps,
    fc.integer({ min: 1, max: 4 }),
    async (given, moves, concurrency) => {
      const group = new ConsumersUnderTest({ orders: PARTITIONS })
      for (let partition = 0; partition < PARTITIONS; partition++) {
        group.service.append("orders", partition, numbered(RECORDS))
      }
      const processed = Array.from({ length: PARTITIONS }, () => new Set<number>())
      const wrong: string[] = []
      group.service.state.onCommit = (name, offset) => {
        const done = processed[Number(name.split("/")[1])]
        for (let below = 0; below < offset; below++)
          if (!done?.has(below)) wrong.push(`${name}: ${offset} over ${below}`)
      }
      let at = 0
      const start = (): Member => {
        const { network, consumer: consumerOf } = group.client()
        network.inject(() => (member.isDead ? { kind: "lost_request" } : (given[at++] ?? { kind: "none" })))
        const consumer = consumerOf({ sessionTimeoutMs: 20_000, maxPollRecords: 7, autoCommitIntervalMs: 1_000 })
        const running = consumer.run({
          concurrency,
          eachRecord: async ({ partition, offset, key }) => {
            await group.clock.sleep(((offset * 13) % 7) * 20)
            if (member.isDead) return
            const done = processed[partition]
            const before = concurrency === 1 ? offset - 1 : offset - 3
            if (before >= 0 && !done?.has(before)) wrong.push(`${partition}/${offset} of ${key} before ${before}`)
            done?.add(offset)
          },
        })
        const member = { consumer, running, network, isDead: false }
        return member
      }
      const members = [start(), start()]
      for (const move of moves) {
        await breathe()
        const alive = members.filter(({ isDead }) => !isDead)
        const [first] = alive
        if (move === "join") members.push(start())
        if (move === "late") for (const { network } of members) await network.deliverLate().catch(() => undefined)
        if (first === undefined || alive.length < 2) continue
        if (move === "close") await first.consumer.close()
        if (move === "close" || move === "die") first.isDead = true
        if (move === "expel") group.service.state.expel(first.consumer.memberId)
      }
      await group.until(() => processed.every((done) => done.size === RECORDS))
      await Promise.all(members.map(({ consumer }) => consumer.close()))
      await Promise.all(members.map(({ running }) => running))
      expect(wrong).toEqual([])
    },
  )
  await fc.assert(property, { numRuns: 40 })
})

async function breathe(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setTimeout(resolve, 1))
}
