import type { Unavailable } from "../../log/ports.ts"
import type { GroupDependencies } from "../dependencies.ts"
import { memberOf } from "../members/assignment.ts"
import { decideLeave } from "../members/decide-leave.ts"
import { changeGroup } from "../membership/change-group.ts"
import { readGroup } from "../membership/read-group.ts"

export type LeaveGroupResult =
  | { readonly kind: "left" }
  | { readonly kind: "member_not_found" }
  | { readonly kind: "contended" }
  | Unavailable

type Deps = Pick<GroupDependencies, "groups" | "subscribed" | "sessionClock" | "changes" | "pause">

/**
 * A member goes, and its partitions go to the others at once. Without `number` it goes whatever it sent last. Throws
 * `StorageUnavailable` where topics cannot be looked up.
 */
export async function leaveGroup(
  deps: Deps,
  group: string,
  memberId: string,
  number?: number,
): Promise<LeaveGroupResult> {
  const first = await readGroup(deps, group)
  if (first.kind === "unavailable") return first
  if (memberOf(first.state, memberId) === undefined) return { kind: "member_not_found" }
  const outcome = await changeGroup(
    deps,
    group,
    {
      topics: undefined,
      decide: (found) => {
        const last = found.seen.get(memberId)?.number ?? 0
        return decideLeave(found, { memberId, number: number ?? last })
      },
    },
    first,
  )
  return outcome.kind === "decided" ? { kind: "left" } : outcome
}
