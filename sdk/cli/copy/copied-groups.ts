/** What groups committed, at the same records of the target; only forward. */

import { StratalogError } from "../../client/errors.ts"
import type { CommittedOffset, OffsetToCommit } from "../../client/groups.ts"
import { limits } from "../../protocol/limits.ts"
import { ASKED_AT_ONCE, someAtOnce } from "./at-once.ts"
import { committedOf } from "./committed.ts"
import { commonStart } from "./common-start.ts"
import { offsetsAt } from "./log-end.ts"
import { MARKS_GROUP } from "./mark.ts"
import type { CopyEnds, PartitionCopy } from "./partition-copy.ts"
import type { TopicPattern } from "./plan.ts"
import { alignBoth } from "./walk.ts"

export interface CopiedGroup {
  readonly group: string
  /** Offsets that were committed, and those that were there or further already. */
  readonly moved: number
  readonly stayed: number
  /** Why nothing was committed; absent where nothing stood in the way. */
  readonly refused?: string
}

const MOST_ATTEMPTS = 5

/** Of the topics that were copied. A group with members at the target is left as it is. */
export async function copyGroups(
  ends: CopyEnds,
  copies: readonly PartitionCopy[],
  wanted: readonly TopicPattern[],
  stop: AbortSignal | undefined,
): Promise<readonly CopiedGroup[]> {
  const byPlace = new Map(copies.map((copy) => [placeOf(copy.at), copy]))
  const groups: string[] = []
  for await (const { group } of ends.source.log.groups.list({ signal: stop })) {
    if (group !== MARKS_GROUP && wanted.some(({ matches }) => matches(group))) groups.push(group)
  }
  const copied = await someAtOnce(groups, ASKED_AT_ONCE, stop, (group, either) =>
    copyGroup(ends, byPlace, group, either),
  )
  return copied.flatMap((group) => group ?? [])
}

/** Undefined where it committed nothing for these topics. */
async function copyGroup(
  ends: CopyEnds,
  copies: ReadonlyMap<string, PartitionCopy>,
  group: string,
  stop: AbortSignal,
): Promise<CopiedGroup | undefined> {
  const translated: OffsetToCommit[] = []
  for (const each of await committedOf(ends.source, group, { signal: stop })) {
    const copy = copies.get(placeOf(each))
    if (copy !== undefined) translated.push(await translatedCommit(ends, copy, each, stop))
  }
  return translated.length === 0 ? undefined : commitForward(ends, group, translated, stop)
}

async function translatedCommit(
  ends: CopyEnds,
  copy: PartitionCopy,
  { topic, partition, offset, metadata }: CommittedOffset,
  stop: AbortSignal | undefined,
): Promise<OffsetToCommit> {
  const end = copy.position.target
  const known = copy.map.translate(offset, end)
  return { topic, partition, metadata, offset: Math.min(known ?? (await look(ends, copy, offset, stop)), end) }
}

/**
 * Copied by an earlier run: the records before it are looked at on both sides. Before the first that both have nobody can tell
 * which of the target's were read: then none is skipped.
 */
async function look(
  ends: CopyEnds,
  { at, start }: PartitionCopy,
  offset: number,
  stop: AbortSignal | undefined,
): Promise<number> {
  const { logStartOffset } = await offsetsAt(ends.target, at, stop)
  const from = await commonStart(ends, at, logStartOffset, start, stop)
  if (from === undefined || offset < from.source) return logStartOffset
  const bounds = { source: offset, target: start.target, until: "source" } as const
  const aligned = await alignBoth(ends, at, from, bounds, stop)
  return aligned.kind === "aligned" ? aligned.position.target : aligned.at.target
}

async function commitForward(
  ends: CopyEnds,
  name: string,
  wanted: readonly OffsetToCommit[],
  signal: AbortSignal | undefined,
  attempts = MOST_ATTEMPTS,
): Promise<CopiedGroup> {
  const group = ends.target.log.group(name)
  const committed = await committedOf(ends.target, name, { signal })
  const present = new Map(committed.map((each) => [placeOf(each), each.offset]))
  const further = wanted.filter((each) => each.offset > (present.get(placeOf(each)) ?? -1))
  const stayed = wanted.length - further.length
  try {
    for (let at = 0; at < further.length; at += limits.maxCommits) {
      await group.commit(further.slice(at, at + limits.maxCommits), { signal })
    }
    return { group: name, moved: further.length, stayed }
  } catch (error) {
    if (!(error instanceof StratalogError)) throw error
    // Somebody else moved it meanwhile, such as another copy.
    const isMoved = error.code === "offset_regression"
    if (isMoved && attempts > 1) return commitForward(ends, name, wanted, signal, attempts - 1)
    if (!isMoved && error.code !== "group_not_empty") throw error
    return { group: name, moved: 0, stayed, refused: error.detail }
  }
}

function placeOf({ topic, partition }: { readonly topic: string; readonly partition: number }): string {
  return `${topic}/${partition}`
}
