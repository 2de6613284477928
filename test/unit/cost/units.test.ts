import { tailUnits, writeUnits } from "stratalog/cost"
import { describe, expect, it } from "vitest"

const PAGE_BYTES = 70

interface Rolled {
  readonly appends: number
  readonly units: number
}

/** Appends one after another under the rule of rolling; tells the state at each roll. */
function* rolls(entryBytes: number, headBytes: number, minTailEntries: number): Generator<Rolled, never> {
  let held = 0
  let units = 0
  for (let appends = 0; ; appends++) {
    const before = writeUnits(headBytes + held * entryBytes)
    const after = writeUnits(headBytes + (held + 1) * entryBytes)
    if (held >= minTailEntries && after > before) {
      yield { appends, units }
      units += 2 * writeUnits(PAGE_BYTES + held * entryBytes) + before
      held = 1
    } else {
      held++
      units += after
    }
  }
}

function unitsBetweenRolls(...log: Parameters<typeof rolls>): number {
  const [first, second] = rolls(...log)
  if (first === undefined || second === undefined) throw new Error("it never rolled")
  return (second.units - first.units) / (second.appends - first.appends)
}

describe("the price of a tail", () => {
  it("is what appending one after another comes to, from one roll to the next", () => {
    for (const minTailEntries of [1, 4, 7]) {
      for (const headBytes of [85, 99, 365, 925, 1100]) {
        for (let entryBytes = 60; entryBytes < 2500; entryBytes += 31) {
          const shape = { entryBytes, headBytes, pageBytes: PAGE_BYTES, minTailEntries }
          expect(tailUnits(shape), JSON.stringify(shape)).toBeCloseTo(
            unitsBetweenRolls(entryBytes, headBytes, minTailEntries),
          )
        }
      }
    }
  })

  it("is nine units for seven appends of 100 bytes", () => {
    expect(tailUnits({ entryBytes: 130, headBytes: 85, pageBytes: 70, minTailEntries: 7 })).toBeCloseTo(9 / 7)
  })
})
