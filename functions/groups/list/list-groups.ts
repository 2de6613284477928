import type { GroupOffsets, ListGroupsOutcome, ListGroupsRequest } from "../ports.ts"

export interface ListGroupsDeps {
  readonly groups: Pick<GroupOffsets, "list">
}

/** Groups by name, a page at a time. */
export async function listGroups(deps: ListGroupsDeps, request: ListGroupsRequest): Promise<ListGroupsOutcome> {
  return deps.groups.list(request)
}
