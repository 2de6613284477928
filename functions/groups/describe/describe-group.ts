import type { Unavailable } from "../../log/ports.ts"
import type { GroupDependencies } from "../dependencies.ts"
import { type GroupView, viewGroup } from "../members/view.ts"
import { readGroup } from "../membership/read-group.ts"
import { liveOffsets } from "../offsets/live-offsets.ts"

export type DescribeGroupResult =
  /** Its topics are also those that it has committed offsets for. */
  | ({ readonly kind: "group"; readonly group: string } & Omit<GroupView, "holders">)
  | { readonly kind: "group_not_found"; readonly group: string }
  | Unavailable

type Deps = Pick<GroupDependencies, "groups" | "topics" | "sessionClock">

/** A group is there as long as it has a member or a committed offset. */
export async function describeGroup(deps: Deps, group: string): Promise<DescribeGroupResult> {
  const [committed, found] = await Promise.all([liveOffsets(deps, group), readGroup(deps, group)])
  if (committed.kind === "unavailable") return committed
  if (found.kind === "unavailable") return found
  const { holders, ...view } = viewGroup(found)
  if (committed.kind === "group_not_found" && view.members.length === 0) return committed
  const named = committed.kind === "topics" ? committed.topics.map(({ topic }) => topic.name) : []
  return { kind: "group", group, ...view, topics: [...new Set([...view.topics, ...named])].sort() }
}
