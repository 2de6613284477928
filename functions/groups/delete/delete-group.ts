import type { Unavailable } from "../../log/ports.ts"
import type { GroupDependencies } from "../dependencies.ts"
import { emptyGroup } from "../membership/empty-group.ts"
import { readGroup } from "../membership/read-group.ts"

export type DeleteGroupResult =
  | { readonly kind: "deleted" }
  | { readonly kind: "group_not_found"; readonly group: string }
  | { readonly kind: "group_not_empty"; readonly members: readonly string[] }
  | { readonly kind: "contended" }
  | Unavailable

export type DeleteGroupDeps = Pick<GroupDependencies, "groups" | "sessionClock" | "changes" | "pause">

/** Deletes a group that nobody is in, with its committed offsets. Its epochs go on where they were. */
export async function deleteGroup(deps: DeleteGroupDeps, group: string): Promise<DeleteGroupResult> {
  const committed = await deps.groups.read(group)
  if (committed.kind === "unavailable") return { ...committed, sideEffects: "none" }
  const found = await readGroup(deps, group)
  if (found.kind === "unavailable") return found
  const hadMembers = (found.state?.members.length ?? 0) > 0
  if (committed.kind === "not_found" && !hadMembers) return { kind: "group_not_found", group }
  const emptied = await emptyGroup(deps, group)
  if (emptied.kind !== "empty") return emptied
  const outcome = await deps.groups.delete(group)
  // Somebody else deleted what was there a moment ago.
  return outcome.kind === "not_found" ? { kind: "deleted" } : outcome
}
