/** What heartbeat and poll have in common: a request of a member is noted, and the group changes by it where it has to. */
import type { Unavailable } from "../../log/ports.ts"
import type { GroupDependencies } from "../dependencies.ts"
import { memberOf } from "../members/assignment.ts"
import { decideHeartbeat, type HeartbeatDecision } from "../members/decide-heartbeat.ts"
import type { GroupNow } from "../members/group-now.ts"
import type { MemberRequest } from "../members/join.ts"
import type { GroupMember, GroupState } from "../members/state.ts"
import { changeGroup } from "./change-group.ts"
import type { GroupFound } from "./read-group.ts"

/** A member and the state that it is in. */
export interface MemberIn {
  readonly state: GroupState
  readonly member: GroupMember
}

/** Why a request of a member changes nothing, and it learns nothing of its partitions. */
export type MemberRefusal =
  | Exclude<HeartbeatDecision, { kind: "unchanged" | "changed" }>
  /** Others changed the group each time that it was tried. */
  | { readonly kind: "contended" }
  | Unavailable

export type TakePartResult =
  | ({ readonly kind: "member" } & MemberIn)
  /** A later request of the member came; this is where it stands. */
  | ({ readonly kind: "overtaken" } & MemberIn)
  | MemberRefusal

/** Notes the request, and ends what older ones of the member wait for. `late`: a later one came before. */
export async function noteRequest(
  deps: Pick<GroupDependencies, "groups" | "sessionClock" | "changes">,
  group: string,
  memberId: string,
  number: number | undefined,
): Promise<{ readonly kind: "touched" | "late"; readonly number: number } | Unavailable> {
  const at = deps.sessionClock.now()
  const outcome = await deps.groups.touch(group, memberId, number === undefined ? { at } : { at, number })
  // It may have been noted that the member is there: nobody has to know.
  if (outcome.kind === "unavailable") return { ...outcome, sideEffects: "none" }
  if (outcome.kind === "touched") deps.changes.came(group, memberId, outcome.number)
  return outcome
}

type Deps = Pick<GroupDependencies, "groups" | "subscribed" | "sessionClock" | "changes" | "pause">

/** Throws `StorageUnavailable` where topics cannot be looked up. */
export async function takePart(
  deps: Deps,
  group: string,
  request: MemberRequest,
  options: { readonly first?: GroupFound; readonly age?: "now" } = {},
): Promise<TakePartResult> {
  const decide = (found: GroupNow) => (isOvertaken(found, request) ? OVERTAKEN : decideHeartbeat(found, request))
  const age = options.age === undefined ? {} : { age: options.age }
  const outcome = await changeGroup(deps, group, { topics: request.topics, decide, ...age }, options.first)
  if (outcome.kind !== "decided") return outcome
  const { state, decision } = outcome
  switch (decision.kind) {
    case "overtaken":
      return whereItStands(state, request.memberId)
    case "changed":
    case "unchanged": {
      const member = memberOf(state, request.memberId)
      return state === undefined || member === undefined
        ? { kind: "member_not_found" }
        : { kind: "member", state, member }
    }
    default:
      return decision
  }
}

/** For a request that is late: it changes nothing. */
export function whereItStands(
  state: GroupState | undefined,
  memberId: string,
): Extract<TakePartResult, { kind: "overtaken" | "member_not_found" }> {
  const member = memberOf(state, memberId)
  return state === undefined || member === undefined
    ? { kind: "member_not_found" }
    : { kind: "overtaken", state, member }
}

const OVERTAKEN = { kind: "overtaken" } as const

function isOvertaken({ seen }: Pick<GroupNow, "seen">, { memberId, number }: MemberRequest): boolean {
  return (seen.get(memberId)?.number ?? 0) > number
}
