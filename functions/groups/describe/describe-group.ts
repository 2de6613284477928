import { type LiveOffsetsDeps, type LiveOffsetsResult, liveOffsets } from "../offsets/live-offsets.ts"

export type DescribeGroupResult =
  | {
      readonly kind: "group"
      readonly group: string
      /** Kafka's word for a group that has committed offsets and no members. */
      readonly state: "Empty"
      /** Topics that it has committed offsets for, by name. */
      readonly topics: readonly string[]
    }
  | Exclude<LiveOffsetsResult, { kind: "topics" }>

export async function describeGroup(deps: LiveOffsetsDeps, group: string): Promise<DescribeGroupResult> {
  const found = await liveOffsets(deps, group)
  if (found.kind !== "topics") return found
  return { kind: "group", group, state: "Empty", topics: found.topics.map(({ topic }) => topic.name) }
}
