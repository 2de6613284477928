/** Commits by nobody of the group, and members who come at the same time: they must not be moved past what they read. */
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { commitOffsets } from "../../../functions/groups/commit/commit-offsets.ts"
import type { GroupDependencies } from "../../../functions/groups/dependencies.ts"
import { GroupChanges } from "../../../functions/groups/group-changes.ts"
import type { GroupStore } from "../../../functions/groups/ports.ts"
import { createTopic } from "../../../functions/topics/create/create-topic.ts"
import { memberOf, stateOf } from "../../contract/group-states.ts"
import { appendRecords, openTemporaryStorage, type TemporaryStorage } from "../../fakes/temporary-storage.ts"

const COMMIT = [{ topic: "orders", partition: 0, offset: 8, metadata: "" }]

describe("a commit from outside", () => {
  let storage: TemporaryStorage & Pick<GroupDependencies, "changes" | "pause">
  let topicId: string
  beforeEach(async () => {
    storage = { ...openTemporaryStorage(), changes: new GroupChanges(), pause: async () => {} }
    const made = await createTopic(storage, { name: "orders", partitions: 1, config: {} })
    if (made.kind !== "created") throw new Error(made.kind)
    topicId = made.topic.id
    await appendRecords(storage.log, topicId, 0, 10)
  })
  afterEach(() => storage.dispose())

  const epochOf = async () => {
    const read = await storage.groups.members("billing")
    return read.kind === "members" ? read.state?.epoch : undefined
  }
  const join = (expected: number) =>
    storage.groups.replaceMembers("billing", {
      expected,
      next: stateOf(expected + 1, memberOf("m", { memberEpoch: expected + 1, joinedAt: storage.clock.time })),
      gone: [],
    })
  const claim = (epoch: number) =>
    storage.groups.claim("billing", [{ partition: { topicId, partition: 0 }, topic: "orders" }], epoch)

  for (const epoch of [0, 3]) {
    it(`is refused where a member of a group at epoch ${epoch} joined and began to read after it had looked`, async () => {
      if (epoch > 0) {
        const next = { epoch: 1, members: [], topics: [] }
        await storage.groups.replaceMembers("billing", { expected: 0, next, gone: [] })
        await storage.groups.replaceMembers("billing", { expected: 1, next: { ...next, epoch: 2 }, gone: [] })
        await storage.groups.replaceMembers("billing", { expected: 2, next: { ...next, epoch: 3 }, gone: [] })
      }
      const { groups } = storage
      const racing: GroupStore = {
        ...groups,
        commit: async (...args) => {
          expect(await join(epoch)).toEqual({ kind: "replaced" })
          await claim(epoch + 1)
          return groups.commit(...args)
        },
      }
      expect(await commitOffsets({ ...storage, groups: racing }, "billing", COMMIT)).toEqual({
        kind: "refused",
        refusals: [{ kind: "fenced", epoch: epoch + 1, index: 0, topic: "orders", partition: 0 }],
      })
      expect(await groups.read("billing")).toEqual({ kind: "not_found" })
    })
  }

  it("expels members who are silent, so that one that wakes up does not go on from before it", async () => {
    await join(0)
    await claim(1)
    storage.clock.time += 45_001
    expect(await commitOffsets(storage, "billing", COMMIT)).toMatchObject({ kind: "committed" })
    expect(await epochOf()).toBe(2)
    expect(await claim(1)).toEqual({ kind: "claims", claims: [{ kind: "fenced", epoch: 2 }] })
  })

  it("is refused while somebody is there", async () => {
    await join(0)
    expect(await commitOffsets(storage, "billing", COMMIT)).toEqual({ kind: "group_not_empty", members: ["m"] })
  })
})
