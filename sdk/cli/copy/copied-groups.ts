/** What groups committed, at the same records of the target; only forward. */

import { StratalogError } from "../../client/errors.ts"
import type { CommittedOffset, OffsetToCommit } from "../../client/groups.ts"
import { limits } from "../../protocol/limits.ts"
import type { Position } from "./align.ts"
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
  const beginnings = beginningsOf(ends)
  const copied = await someAtOnce(groups, ASKED_AT_ONCE, stop, (group, either) =>
    copyGroup({ ends, beginnings }, byPlace, group, either),
  )
  return copied.flatMap((group) => group ?? [])
}

interface Beginning {
  readonly logStartOffset: number
  readonly common: Position | undefined
}

type Beginnings = (copy: PartitionCopy, stop: AbortSignal) => Promise<Beginning>

/** Where the target begins, and where both sides are the same first: looked for once in a partition, whichever groups ask. */
function beginningsOf(ends: CopyEnds): Beginnings {
  const known = new Map<PartitionCopy, Promise<Beginning>>()
  const find = async ({ at, start }: PartitionCopy, stop: AbortSignal) => {
    const { logStartOffset } = await offsetsAt(ends.target, at, stop)
    return { logStartOffset, common: await commonStart(ends, at, logStartOffset, start, stop) }
  }
  return (copy, stop) => {
    const found = known.get(copy) ?? find(copy, stop)
    known.set(copy, found)
    return found
  }
}

interface Sides {
  readonly ends: CopyEnds
  readonly beginnings: Beginnings
}

/** Undefined where it committed nothing for these topics. */
async function copyGroup(
  sides: Sides,
  copies: ReadonlyMap<string, PartitionCopy>,
  group: string,
  stop: AbortSignal,
): Promise<CopiedGroup | undefined> {
  const translated: OffsetToCommit[] = []
  for (const each of await committedOf(sides.ends.source, group, { signal: stop })) {
    const copy = copies.get(placeOf(each))
    if (copy !== undefined) translated.push(await translatedCommit(sides, copy, each, stop))
  }
  return translated.length === 0 ? undefined : commitForward(sides.ends, group, translated, stop)
}

async function translatedCommit(
  sides: Sides,
  copy: PartitionCopy,
  { topic, partition, offset, metadata }: CommittedOffset,
  stop: AbortSignal,
): Promise<OffsetToCommit> {
  const end = copy.position.target
  const known = copy.map.translate(offset, end)
  return { topic, partition, metadata, offset: Math.min(known ?? (await look(sides, copy, offset, stop)), end) }
}

/**
 * Copied by an earlier run: the records before it are looked at on both sides. Before the first that both have nobody can tell
 * which of the target's were read: then none is skipped.
 */
async function look(
  { ends, beginnings }: Sides,
  copy: PartitionCopy,
  offset: number,
  stop: AbortSignal,
): Promise<number> {
  const { logStartOffset, common } = await beginnings(copy, stop)
  if (common === undefined || offset < common.source) return logStartOffset
  const bounds = { source: offset, target: copy.start.target, until: "source" } as const
  const aligned = await alignBoth(ends, copy.at, common, bounds, stop)
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
