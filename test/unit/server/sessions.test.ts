/** Sessions of group members on the embedded log, when its server was away or its clock was set. */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, expect, it } from "vitest"
import { createApi } from "../../../functions/http/api.ts"
import { createApp } from "../../../functions/http/app.ts"
import { allEndpoints } from "../../../functions/http/endpoints/all.ts"
import { type Embedded, openEmbedded } from "../../../functions/server/open-embedded.ts"
import { memberOf, stateOf } from "../../contract/group-states.ts"

const DAY = 86_400_000

let dataDir: string
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "stratalog-sessions-"))
})
afterEach(() => rm(dataDir, { recursive: true }))

/** Leaves a group of two behind that joined then. */
async function leaveMembers(joinedAt: number): Promise<void> {
  const { deps, close } = await openEmbedded({ dataDir })
  const members = ["m1", "m2"].map((memberId) => memberOf(memberId, { joinedAt }))
  await deps.groups.replaceMembers("billing", { expected: 0, next: stateOf(1, ...members), gone: [] })
  await close()
}

async function memberIds(embedded: Embedded): Promise<readonly string[]> {
  const found = await embedded.deps.groups.members("billing")
  return found.kind === "members" ? (found.state?.members ?? []).map(({ memberId }) => memberId) : []
}

it("go on after a restart, however long nobody could be heard", async () => {
  await leaveMembers(Date.now() - DAY)
  const embedded = await openEmbedded({ dataDir })
  const app = createApp(createApi(embedded.deps, allEndpoints, { defect: () => {} }), { requestId: () => "r1" })
  const heartbeat = (body: unknown) =>
    app.request("/v1/groups/billing/members/m1/heartbeat", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    })
  const answer = await heartbeat({ memberEpoch: 1 })
  expect(answer.status).toBe(200)
  expect(await memberIds(embedded)).toEqual(["m1", "m2"])
  await embedded.close()
})

it("count by a clock that does not go back behind what was stored, as the wall clock may", async () => {
  await leaveMembers(Date.now() + DAY)
  const { deps, close } = await openEmbedded({ dataDir })
  const stored = await deps.groups.members("billing")
  const joinedAt = stored.kind === "members" ? stored.state?.members[0]?.joinedAt : undefined
  expect(deps.sessionClock.now()).toBeGreaterThanOrEqual(joinedAt ?? Number.NaN)
  expect(deps.clock.now()).toBeLessThan(joinedAt ?? Number.NaN)
  await close()
})
