import type { CommittedOffset } from "../ports.ts"
import { type LiveOffsetsDeps, liveOffsets } from "./live-offsets.ts"

export type FetchOffsetsResult =
  /** By topic name and partition. */
  | { readonly kind: "offsets"; readonly offsets: readonly CommittedOffset[] }
  | { readonly kind: "group_not_found"; readonly group: string }

/** What a group committed; `filter.topic`: for this topic only. Topics that were deleted since are not shown. */
export async function fetchOffsets(
  deps: LiveOffsetsDeps,
  group: string,
  filter: { readonly topic?: string | undefined } = {},
): Promise<FetchOffsetsResult> {
  const topics = await liveOffsets(deps, group)
  if (topics === undefined) return { kind: "group_not_found", group }
  const asked = topics.filter(({ topic }) => filter.topic === undefined || topic.name === filter.topic)
  return { kind: "offsets", offsets: asked.flatMap(({ offsets }) => offsets) }
}
