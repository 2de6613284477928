/** Members that come, go, pause, crash and change their minds, with answers that get lost, doubled or late. */
import "./seeded.ts"
import fc from "fast-check"
import { it } from "vitest"
import { playToTheEnd } from "./calm.ts"
import { rules } from "./coordinator.ts"
import { events, wildEvents } from "./world.ts"

it("members never own a partition twice, and come to share all of them when it is calm", () => {
  fc.assert(
    fc.property(events, (given) => playToTheEnd(rules, given)),
    { numRuns: 400 },
  )
})

it("no clock, however wrong, breaks the state or its epochs, nor keeps the group from coming to rest", () => {
  fc.assert(
    fc.property(wildEvents, (given) => playToTheEnd(rules, given, true)),
    { numRuns: 200 },
  )
})
