import { describe, expect, it } from "vitest"
import { consumerSettings } from "../../../../sdk/client/consumer/options.ts"
import { decideRound, type RoundView } from "../../../../sdk/client/consumer/round.ts"

const settings = consumerSettings({ group: "g", topics: ["t"], fetchMaxWaitMs: 0, idlePauseMs: 2_000 })
const atRest: RoundView = {
  now: 10_000,
  memberEpoch: 3,
  heartbeatDue: 15_000,
  heartbeatInterval: 5_000,
  hasRoom: true,
  isFetchable: true,
  idleUntil: 0,
  isReleasing: false,
  isRevoking: false,
  willCommit: false,
  hasUncommitted: false,
  lastCommitAt: 0,
}
const decide = (change: Partial<RoundView>) => decideRound({ ...atRest, ...change }, settings)
const fetches = { kind: "poll", fetch: true }

describe("a consumer that found nothing", () => {
  it("pauses, and then asks again", () => {
    expect(decide({})).toMatchObject(fetches)
    expect(decide({ idleUntil: 12_000 })).toEqual({ kind: "sleep", ms: 2_000 })
    expect(decide({ idleUntil: 10_000 })).toMatchObject(fetches)
  })

  it("asks as soon as the service wants to hear of it, and fetches then, too", () => {
    expect(decide({ idleUntil: 60_000 })).toEqual({ kind: "sleep", ms: 5_000 })
    expect(decide({ idleUntil: 60_000, heartbeatDue: 10_000 })).toMatchObject(fetches)
  })

  it("gives partitions up and commits without a pause", () => {
    expect(decide({ idleUntil: 12_000, isReleasing: true })).toMatchObject({ ...fetches, waitMs: 0 })
    const processed = { hasUncommitted: true, willCommit: true, lastCommitAt: 5_000 }
    expect(decide({ idleUntil: 12_000, ...processed })).toMatchObject({ ...fetches, commit: true })
  })

  it("says nothing more often than it has to while it has no room", () => {
    expect(decide({ idleUntil: 12_000, hasRoom: false })).toEqual({ kind: "sleep", ms: 5_000 })
  })
})

it("never asks without end", () => {
  expect(() => consumerSettings({ group: "g", topics: ["t"], fetchMaxWaitMs: 0 })).toThrow("fetchMaxWaitMs")
  expect(() => consumerSettings({ group: "g", topics: ["t"], idlePauseMs: -1 })).toThrow("idlePauseMs")
})
