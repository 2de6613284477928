import type { GroupOffsets, ListGroupsOutcome } from "../ports.ts"

export interface ListGroupsDeps {
  readonly groups: Pick<GroupOffsets, "list">
}

export interface ListGroupsRequest {
  /** The `next` of the page before. */
  readonly after?: string | undefined
  readonly limit: number
}

/** Groups by name, a page at a time. */
export async function listGroups(
  deps: ListGroupsDeps,
  { after, limit }: ListGroupsRequest,
): Promise<ListGroupsOutcome> {
  return deps.groups.list(after === undefined ? { limit } : { after, limit })
}
