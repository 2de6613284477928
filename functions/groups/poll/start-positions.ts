/** Where a member reads on in each of its partitions. What it does not say itself is claimed first, so that nobody else commits any more. */
import type { Unavailable } from "../../log/ports.ts"
import type { GroupDependencies } from "../dependencies.ts"
import type { Claim } from "../ports.ts"
import { type AssignedPartition, placeKey } from "./assigned.ts"
import type { PartitionProblem } from "./read-from.ts"
import type { PolledProblem } from "./read-partitions.ts"
import { type AutoOffsetReset, type MemberAt, settleAt } from "./reset-position.ts"

export interface Start {
  readonly at: AssignedPartition
  readonly offset: number
  /** The request did not say it: the member has to be told. */
  readonly isNews: boolean
}

export type StartsResult =
  | {
      readonly kind: "starts"
      readonly starts: readonly Start[]
      readonly problems: readonly PolledProblem[]
      /** Some are left for the next poll. */
      readonly hasMore: boolean
    }
  | Unavailable

/** Of one poll: the rest come in the next ones. */
const MAX_CLAIMS = 100

type Deps = Pick<GroupDependencies, "groups" | "log" | "clock">

/** In the order of `partitions`. `known`: offsets by `placeKey`. */
export async function startPositions(
  deps: Deps,
  member: MemberAt,
  partitions: readonly AssignedPartition[],
  known: ReadonlyMap<string, number>,
  reset: AutoOffsetReset,
): Promise<StartsResult> {
  const keyOf = ({ topic, partition }: AssignedPartition) => placeKey(topic, partition.partition)
  const unknown = partitions.filter((at) => !known.has(keyOf(at)))
  const found = await claimed(deps, member, unknown.slice(0, MAX_CLAIMS), reset)
  if (found.kind === "unavailable") return found
  const starts = partitions.flatMap((at): Start[] => {
    const given = known.get(keyOf(at))
    if (given !== undefined) return [{ at, offset: given, isNews: false }]
    const offset = found.offsets.get(at)
    return offset === undefined ? [] : [{ at, offset, isNews: true }]
  })
  return { kind: "starts", starts, problems: found.problems, hasMore: unknown.length > MAX_CLAIMS }
}

type Claimed =
  | {
      readonly kind: "claimed"
      readonly offsets: ReadonlyMap<AssignedPartition, number>
      readonly problems: readonly PolledProblem[]
    }
  | Unavailable

async function claimed(
  deps: Deps,
  member: MemberAt,
  partitions: readonly AssignedPartition[],
  reset: AutoOffsetReset,
): Promise<Claimed> {
  if (partitions.length === 0) return { kind: "claimed", offsets: new Map(), problems: [] }
  const outcome = await deps.groups.claim(member.group, partitions, member.epoch)
  // What was claimed stays so, and is claimed again by the next poll.
  if (outcome.kind === "unavailable") return { ...outcome, sideEffects: "none" }
  const offsets = new Map<AssignedPartition, number>()
  const problems: PolledProblem[] = []
  const without: AssignedPartition[] = []
  for (const [index, at] of partitions.entries()) {
    const claim = outcome.claims[index]
    if (claim?.kind !== "claimed") problems.push({ at, problem: refusalOf(claim) })
    else if (claim.committed === undefined) without.push(at)
    else offsets.set(at, claim.committed.offset)
  }
  if (reset === "earliest") for (const at of without) offsets.set(at, 0)
  if (reset === "none") for (const at of without) problems.push({ at, problem: { kind: "no_committed_offset" } })
  if (reset === "latest") {
    const ends = await latest(deps, member, without)
    if (ends.kind === "unavailable") return ends
    for (const [at, offset] of ends.offsets) offsets.set(at, offset)
    problems.push(...ends.problems)
  }
  return { kind: "claimed", offsets, problems }
}

function refusalOf(claim: Extract<Claim, { kind: "fenced" }> | undefined): PartitionProblem {
  return claim ?? { kind: "fenced", epoch: 0 }
}

/** The ends as they are now, written down: what is appended before the member's first commit is not to be missed. */
async function latest(deps: Deps, member: MemberAt, partitions: readonly AssignedPartition[]): Promise<Claimed> {
  const described = await Promise.all(partitions.map(({ partition }) => deps.log.describe(partition)))
  const ends = new Map<AssignedPartition, number>()
  const problems: PolledProblem[] = []
  for (const [index, at] of partitions.entries()) {
    const outcome = described[index]
    if (outcome?.kind === "partition") ends.set(at, outcome.state.highWatermark)
    else if (outcome?.kind === "unavailable") problems.push({ at, problem: outcome })
    // Gone: reading finds that out, too.
    else ends.set(at, 0)
  }
  const settled = await settleAt(deps, member, ends)
  if (settled.kind === "unavailable") return settled
  return { kind: "claimed", offsets: settled.offsets, problems: [...problems, ...settled.problems] }
}
