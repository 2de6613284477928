import { type LiveOffsetsDeps, liveOffsets } from "../offsets/live-offsets.ts"

export type DescribeGroupResult =
  | {
      readonly kind: "group"
      readonly group: string
      /** Kafka's word for a group that has committed offsets and no members. */
      readonly state: "Empty"
      /** Topics that it has committed offsets for, by name. */
      readonly topics: readonly string[]
    }
  | { readonly kind: "group_not_found"; readonly group: string }

export async function describeGroup(deps: LiveOffsetsDeps, group: string): Promise<DescribeGroupResult> {
  const topics = await liveOffsets(deps, group)
  if (topics === undefined) return { kind: "group_not_found", group }
  return { kind: "group", group, state: "Empty", topics: topics.map(({ topic }) => topic.name) }
}
