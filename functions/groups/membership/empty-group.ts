/** Takes a group that nobody is in to its next epoch, so that nobody who was in it can commit any more. */
import type { Unavailable } from "../../log/ports.ts"
import type { GroupDependencies } from "../dependencies.ts"
import { decideEmpty } from "../members/decide-empty.ts"
import { readGroup } from "./read-group.ts"

export type EmptyGroupResult =
  /** What is written under this epoch stands against everybody who was a member. */
  | { readonly kind: "empty"; readonly epoch: number }
  | { readonly kind: "group_not_empty"; readonly members: readonly string[] }
  | { readonly kind: "contended" }
  | Unavailable

const MAX_TRIES = 10

export async function emptyGroup(
  deps: Pick<GroupDependencies, "groups" | "sessionClock" | "changes" | "pause">,
  group: string,
): Promise<EmptyGroupResult> {
  for (let tries = 0; ; tries++) {
    const found = await readGroup(deps, group)
    if (found.kind === "unavailable") return found
    const decision = decideEmpty(found)
    if (decision.kind === "group_not_empty") return decision
    const outcome = await deps.groups.replaceMembers(group, decision.change)
    if (outcome.kind === "replaced") {
      const { epoch } = decision.change.next
      deps.changes.changed(group, epoch)
      return { kind: "empty", epoch }
    }
    // An epoch more does nobody any harm, so whether it was written does not matter.
    if (outcome.kind === "unavailable") return { ...outcome, sideEffects: "none" }
    if (tries === MAX_TRIES) return { kind: "contended" }
    await deps.pause(tries)
  }
}
