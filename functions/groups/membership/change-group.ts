/** Decides a change of a group and writes it, again and again until it stands on the state that it was decided upon. */
import type { Unavailable } from "../../log/ports.ts"
import type { GroupDependencies } from "../dependencies.ts"
import type { GroupNow } from "../members/group-now.ts"
import type { GroupState } from "../members/state.ts"
import type { MembersChange } from "../ports.ts"
import { type GroupFound, readGroup, withTopics } from "./read-group.ts"

/** What decisions say of a change that has to be written. */
export interface ChangeDecision {
  readonly kind: "changed"
  readonly change: MembersChange
  readonly topicsChanged: boolean
}

export type Changed<D> =
  /** `state` as it is now, with what was decided upon it. */
  | { readonly kind: "decided"; readonly state: GroupState | undefined; readonly decision: D }
  /** Others changed the group each time, and nothing was written. */
  | { readonly kind: "contended" }
  | Unavailable

export interface ChangeRequest<D> {
  /** Subscriptions beside those of the members. */
  readonly topics: readonly string[] | undefined
  /** Pure, and the same again where its change was written already. */
  readonly decide: (group: GroupNow) => D | ChangeDecision
  /** Topics are looked up, not remembered. */
  readonly age?: "recent" | "now"
}

type Deps = Pick<GroupDependencies, "groups" | "subscribed" | "sessionClock" | "changes" | "pause">

/** Members that come all at once change the group one after another: of so many the last has as many tries. */
const MAX_TRIES = 30

/** `first`: the group as it was just read. Throws `StorageUnavailable` where topics cannot be looked up. */
export async function changeGroup<D extends { readonly kind: string }>(
  deps: Deps,
  group: string,
  request: ChangeRequest<D>,
  first?: GroupFound,
): Promise<Changed<D | ChangeDecision>> {
  let unknown: Unavailable | undefined
  let found = first ?? (await readGroup(deps, group))
  for (let tries = 0; ; tries++) {
    if (found.kind === "unavailable") return unknown === undefined ? found : { ...found, sideEffects: "unknown" }
    const decision = await decideOn(deps, found, request)
    if (!isChange(decision)) return { kind: "decided", state: found.state, decision }
    const outcome = await deps.groups.replaceMembers(group, decision.change)
    if (outcome.kind === "replaced") {
      deps.changes.changed(group, decision.change.next.epoch)
      return { kind: "decided", state: decision.change.next, decision }
    }
    if (outcome.kind === "unavailable") {
      if (outcome.sideEffects === "none") return unknown ?? outcome
      unknown = outcome
    }
    if (tries === MAX_TRIES) return unknown ?? { kind: "contended" }
    await deps.pause(tries)
    found = await readGroup(deps, group)
  }
}

async function decideOn<D extends { readonly kind: string }>(
  deps: Deps,
  found: GroupFound,
  { topics, decide, age = "recent" }: ChangeRequest<D>,
): Promise<D | ChangeDecision> {
  const decision = decide(await withTopics(deps, found, topics, age))
  if (age === "now" || !isChange(decision) || !decision.topicsChanged) return decision
  return decide(await withTopics(deps, found, topics, "now"))
}

function isChange(decision: { readonly kind: string }): decision is ChangeDecision {
  return decision.kind === "changed"
}
