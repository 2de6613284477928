import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { decideAppend, type ProducerState } from "../../../functions/log/append/decide.ts"
import { entryOf, P0, TOPIC, temporaryJournal } from "../../fakes/temporary-journal.ts"

const step = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.record({
      kind: fc.constant("append" as const),
      id: fc.nat(7),
      epoch: fc.constantFrom(0, 0, 0, 1),
      /** Relative to the sequence that is due: repeats, gaps, and mostly what is right. */
      ahead: fc.constantFrom(0, 0, 0, 0, -1, -2, -6, 1),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("restart" as const) }) },
)

describe("producers beyond what memory holds", () => {
  it("are answered as if all were remembered, through any number of restarts", async () => {
    const property = fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 120, size: "max" }), async (steps) => {
      const journal = temporaryJournal()
      const options = { rememberedProducers: 2, rememberedProducersInAll: 3, fileBytes: 3_000 }
      let log = await journal.open(options)
      try {
        await log.createPartitions(TOPIC, 1)
        const states = new Map<number, ProducerState>()
        let nextOffset = 0
        for (const one of steps) {
          if (one.kind === "restart") {
            await log.close()
            log = await journal.open(options)
            continue
          }
          const known = states.get(one.id)
          const due = known === undefined || known.epoch !== one.epoch ? 0 : known.lastSequence + 1
          const producer = { id: one.id, epoch: one.epoch, sequence: Math.max(0, due + one.ahead) }
          const entry = entryOf(10, producer)
          const decision = decideAppend({ nextOffset, fencingToken: undefined, producer: known }, entry)
          const expected =
            decision.kind === "refuse" ? decision.outcome : ({ kind: "appended", baseOffset: nextOffset } as const)
          expect(await log.append(P0, [entry])).toEqual([expected])
          if (decision.kind === "refuse" || decision.producer === undefined) continue
          states.set(one.id, decision.producer)
          nextOffset++
        }
        expect(log.status().producersInMemory).toBeLessThanOrEqual(2)
      } finally {
        await log.close()
        journal.dispose()
      }
    })
    await fc.assert(property, { numRuns: 25 })
  })
})
