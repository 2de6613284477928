import type { DatabaseSync } from "node:sqlite"
import type { GroupMembers, MembersChange, ReplaceMembersOutcome } from "../../../groups/ports.ts"
import type { GroupCommit } from "./group-commit.ts"
import { GroupStates } from "./group-states.ts"
import { MemberTouches } from "./member-touches.ts"
import { query } from "./transaction.ts"

/** `openedAt`: when the members of the states that are in the database count as seen. */
export function createGroupMembers(database: DatabaseSync, groupCommit: GroupCommit, openedAt: number): GroupMembers {
  const states = new GroupStates(database)
  const touches = new MemberTouches((group) => {
    const members = states.read(group)?.members ?? []
    return members.map(({ memberId, number }) => [memberId, { at: openedAt, number }])
  })

  const replace = (group: string, { expected, next, by }: MembersChange): ReplaceMembersOutcome => {
    touches.begin(group)
    const isOvertaken = by !== undefined && touches.highest(group, by.memberId) > by.number
    if (isOvertaken || states.epochOf(group) !== expected) return { kind: "changed" }
    states.write(group, next)
    return { kind: "replaced" }
  }

  return {
    touch: (group, memberId, request) => query(database, () => touches.touch(group, memberId, request)),
    members: (group) =>
      query(database, () => {
        const state = states.read(group)
        return { kind: "members", ...(state && { state }), seen: touches.seen(group) }
      }),
    replaceMembers: async (group, change) => {
      const outcome = await groupCommit.run(() => replace(group, change))
      states.forget(group)
      if (outcome.kind === "replaced") touches.forget(group, change.gone)
      return outcome
    },
  }
}
