import type { CommittedOffset } from "../ports.ts"
import { type LiveOffsetsDeps, type LiveOffsetsResult, liveOffsets } from "./live-offsets.ts"

export type FetchOffsetsResult =
  /** By topic name and partition. */
  | { readonly kind: "offsets"; readonly offsets: readonly CommittedOffset[] }
  | Exclude<LiveOffsetsResult, { kind: "topics" }>

/** What a group committed; `filter.topic`: for this topic only. Topics that were deleted since are not shown. */
export async function fetchOffsets(
  deps: LiveOffsetsDeps,
  group: string,
  filter: { readonly topic?: string | undefined } = {},
): Promise<FetchOffsetsResult> {
  const found = await liveOffsets(deps, group)
  if (found.kind !== "topics") return found
  const asked = found.topics.filter(({ topic }) => filter.topic === undefined || topic.name === filter.topic)
  return { kind: "offsets", offsets: asked.flatMap(({ offsets }) => offsets) }
}
