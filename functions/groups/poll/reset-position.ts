/** Where to go on where no offset leads: by the member's auto offset reset. */
import type { Unavailable } from "../../log/ports.ts"
import { isSame } from "../commit/outcome.ts"
import type { GroupDependencies } from "../dependencies.ts"
import type { AssignedPartition } from "./assigned.ts"
import type { PolledProblem } from "./read-partitions.ts"

export type AutoOffsetReset = "earliest" | "latest" | "none"

/** Under which epoch its claims and commits are made. */
export interface MemberAt {
  readonly group: string
  readonly epoch: number
}

export type SettledAt =
  | {
      readonly kind: "settled"
      readonly offsets: ReadonlyMap<AssignedPartition, number>
      readonly problems: readonly PolledProblem[]
    }
  | Unavailable

type Deps = Pick<GroupDependencies, "groups" | "clock">

/** The most that one commit takes. */
const MAX_AT_ONCE = 100

/**
 * Commits the ends of partitions that are read from their ends, so that the next poll goes on there. Where somebody
 * committed more meanwhile, that counts.
 */
export async function settleAt(
  deps: Deps,
  { group, epoch }: MemberAt,
  ends: ReadonlyMap<AssignedPartition, number>,
): Promise<SettledAt> {
  const offsets = new Map(ends)
  const problems: PolledProblem[] = []
  const committedAt = deps.clock.now()
  // Each time round there is at least one less.
  for (let left = [...ends.keys()].slice(0, MAX_AT_ONCE); left.length > 0; ) {
    const commits = left.map((at) => ({ ...at, offset: offsets.get(at) ?? 0, metadata: "", committedAt }))
    const outcome = await deps.groups.commit(group, commits, { epoch })
    // A commit of the same again does no harm.
    if (outcome.kind === "unavailable") return { ...outcome, sideEffects: "none" }
    if (outcome.kind === "committed") break
    const refused = new Map<AssignedPartition, number | undefined>()
    for (const at of left) {
      if (outcome.kind === "regressed") {
        const ahead = outcome.regressed.find((each) => isSame(each.partition, at.partition))
        if (ahead !== undefined) refused.set(at, ahead.committed)
        continue
      }
      const owned = outcome.fenced.find((each) => isSame(each.partition, at.partition))
      if (owned === undefined) continue
      refused.set(at, undefined)
      problems.push({ at, problem: { kind: "fenced", epoch: owned.epoch } })
    }
    for (const [at, committed] of refused) {
      if (committed === undefined) offsets.delete(at)
      else offsets.set(at, committed)
    }
    if (refused.size === 0) throw new Error("a refused commit names what stood in its way")
    left = left.filter((at) => !refused.has(at))
  }
  return { kind: "settled", offsets, problems }
}
