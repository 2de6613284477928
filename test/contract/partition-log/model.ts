/** Any sequence of calls does what a list in memory does. */
import fc from "fast-check"
import { describe, it } from "vitest"
import type { PartitionLog, PartitionRef } from "../../../functions/log/ports.ts"
import { appendOne, drain, entry, newPartition } from "./fixture.ts"

interface Model {
  readonly batches: { readonly baseOffset: number; readonly count: number; readonly name: string }[]
  next: number
  start: number
}

type Step =
  | { readonly kind: "append"; readonly count: number; readonly match: number | undefined }
  | { readonly kind: "delete"; readonly share: number }
  | { readonly kind: "reopen" }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("append" as const),
      count: fc.integer({ min: 1, max: 5 }),
      match: fc.option(fc.integer({ min: -1, max: 1 }), { nil: undefined }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("delete" as const), share: fc.double({ min: 0, max: 1, noNaN: true }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("reopen" as const) }) },
)

export function describeModel(log: () => PartitionLog, reopen: (() => Promise<void>) | undefined): void {
  describe("model", () => {
    it("holds for any sequence of appends, deletions and restarts", async () => {
      const seed = Number(process.env["STRATALOG_SEED"] ?? Date.now() % 2 ** 31)
      console.info(`seed ${seed}`)
      const property = fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const partition = await newPartition(log())
        const model: Model = { batches: [], next: 0, start: 0 }
        for (const one of steps) await play(log(), partition, model, one, reopen)
        await compare(log(), partition, model)
      })
      await fc.assert(property, { seed, numRuns: 60 })
    })
  })
}

async function play(log: PartitionLog, partition: PartitionRef, model: Model, one: Step, reopen?: () => Promise<void>) {
  if (one.kind === "reopen") return reopen?.()
  if (one.kind === "delete") {
    model.start = Math.max(model.start, Math.floor(one.share * model.next))
    return log.moveLogStart(partition, model.start)
  }
  const name = `m${model.next}.`
  const matchOffset = one.match === undefined ? undefined : Math.max(0, model.next + one.match)
  const values = Array.from({ length: one.count }, () => name)
  const outcome = await appendOne(log, partition, entry(values, matchOffset === undefined ? {} : { matchOffset }))
  const due = matchOffset === undefined || matchOffset === model.next
  if ((outcome.kind === "appended") !== due) throw new Error(`${JSON.stringify(outcome)} at ${model.next}`)
  if (!due) return
  model.batches.push({ baseOffset: model.next, count: one.count, name })
  model.next += one.count
}

async function compare(log: PartitionLog, partition: PartitionRef, model: Model): Promise<void> {
  const found = await drain(log, partition, model.start, 300)
  const due = model.batches.filter(({ baseOffset, count }) => baseOffset + count > model.start)
  if (found.length !== due.length) throw new Error(`${found.length} batches where ${due.length} were due`)
  for (const [index, { baseOffset, name }] of due.entries()) {
    const batch = found[index]
    if (batch?.baseOffset !== baseOffset || !batch.text.includes(name))
      throw new Error(`another batch at ${baseOffset}`)
  }
}
