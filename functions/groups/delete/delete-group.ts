import type { Unavailable } from "../../log/ports.ts"
import type { GroupOffsets } from "../ports.ts"

export interface DeleteGroupDeps {
  readonly groups: Pick<GroupOffsets, "delete">
}

export type DeleteGroupResult =
  | { readonly kind: "deleted" }
  | { readonly kind: "group_not_found"; readonly group: string }
  | Unavailable

/** Deletes a group with its committed offsets. */
export async function deleteGroup(deps: DeleteGroupDeps, group: string): Promise<DeleteGroupResult> {
  const outcome = await deps.groups.delete(group)
  return outcome.kind === "not_found" ? { kind: "group_not_found", group } : outcome
}
