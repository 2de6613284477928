import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, it } from "vitest"
import { openEmbedded } from "../../../functions/server/open-embedded.ts"
import { memberOf, stateOf } from "../../contract/group-states.ts"

it("gives the API of the embedded log the clock that its groups have, which is no wall clock", async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "stratalog-clock-"))
  const before = await openEmbedded({ dataDir })
  const tomorrow = before.deps.sessionClock.now() + 86_400_000
  const next = stateOf(1, memberOf("m1", { joinedAt: tomorrow }))
  await before.deps.groups.replaceMembers("billing", { expected: 0, next, gone: [] })
  await before.close()
  const after = await openEmbedded({ dataDir })
  expect(after.deps.sessionClock.now()).toBeGreaterThanOrEqual(tomorrow)
  expect(after.deps.clock.now()).toBeLessThan(tomorrow)
  await after.close()
  await rm(dataDir, { recursive: true })
})
