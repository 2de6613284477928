/**
 * What the target remembers of a copy: which topic each partition is a copy of, and a place up to which both sides are
 * known to be the same. It is kept as the committed offsets of a group of its own, so it goes when the topic goes.
 */
import { StratalogError } from "../../client/errors.ts"
import type { CommittedOffset, OffsetToCommit } from "../../client/groups.ts"
import { limits } from "../../protocol/limits.ts"
import type { Position } from "./align.ts"
import { committedOf } from "./committed.ts"
import type { LogEnd, PartitionOf } from "./log-end.ts"

export const MARKS_GROUP = "strata-copy"

export interface Mark {
  /** The id of the source's topic. */
  readonly topicId: string
  readonly position: Position
}

export function markCommit(at: PartitionOf, { topicId, position }: Mark): OffsetToCommit {
  const metadata = JSON.stringify({ copyOf: topicId, next: position.source })
  return { topic: at.topic, partition: at.partition, offset: position.target, metadata }
}

/** Undefined where the metadata is no mark. */
export function markOf({ offset, metadata }: Pick<CommittedOffset, "offset" | "metadata">): Mark | undefined {
  try {
    const { copyOf, next }: { copyOf?: unknown; next?: unknown } = JSON.parse(metadata)
    if (typeof copyOf !== "string" || typeof next !== "number") return undefined
    return { topicId: copyOf, position: { source: next, target: offset } }
  } catch {
    return undefined
  }
}

/** By partition. */
export async function readMarks(
  target: LogEnd,
  topic: string,
  signal?: AbortSignal,
): Promise<ReadonlyMap<number, Mark>> {
  const marks = new Map<number, Mark>()
  for (const committed of await committedOf(target, MARKS_GROUP, { topic, signal })) {
    const mark = markOf(committed)
    if (mark !== undefined) marks.set(committed.partition, mark)
  }
  return marks
}

/** A mark that is further already stays: another copy of the same is at work. */
export async function writeMarks(
  target: LogEnd,
  marks: readonly OffsetToCommit[],
  signal?: AbortSignal,
): Promise<void> {
  const group = target.log.group(MARKS_GROUP)
  for (let at = 0; at < marks.length; at += limits.maxCommits) {
    const some = marks.slice(at, at + limits.maxCommits)
    try {
      await group.commit(some, { signal })
    } catch (error) {
      if (!(error instanceof StratalogError) || error.code !== "offset_regression") throw error
      // All or none: those that can be moved are moved by themselves.
      if (some.length > 1) for (const mark of some) await writeMarks(target, [mark], signal)
    }
  }
}
