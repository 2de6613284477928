/** The part of a poll that reads: from the member's partitions, and again when something came, for as long as it may wait. */

import { memberOf } from "../members/assignment.ts"
import type { Seen } from "../members/expire.ts"
import { readGroup } from "../membership/read-group.ts"
import { type MemberIn, takePart } from "../membership/take-part.ts"
import { type AssignedPartition, assignedPartitions, inTurn } from "./assigned.ts"
import { type PollContext, type PollResult, standing } from "./polled.ts"
import {
  isEnough,
  type PolledProblem,
  type PolledRead,
  readPartitions,
  startsOf,
  watchesOf,
} from "./read-partitions.ts"
import { startPositions } from "./start-positions.ts"
import { type Waiting, waitForNews } from "./wait.ts"
import { waitTime } from "./wait-time.ts"

export interface FetchFrom {
  /** Where the member says that it goes on, by `placeKey`. */
  readonly known: ReadonlyMap<string, number>
  readonly seen: Seen
  /** The member does not know its assignment yet: it is told at once. */
  readonly isNews: boolean
}

/** Partitions that one poll looks at; the others have their turn in later ones. */
const MAX_LOOKS = 1_000

export async function fetchAssigned(context: PollContext, part: MemberIn, from: FetchFrom): Promise<PollResult> {
  const { deps, group, request } = context
  const { paused, number, autoOffsetReset = "earliest", minBytes = 1 } = request
  const assigned = assignedPartitions(part.state, request.memberId, paused)
  const partitions = inTurn(assigned, number).slice(0, MAX_LOOKS)
  const member = { group, epoch: part.member.memberEpoch }
  const begun = await startPositions(deps, member, partitions, from.known, autoOffsetReset)
  if (begun.kind === "unavailable") return begun
  const first = await readPartitions(deps, member, begun.starts, request, autoOffsetReset)
  const read = { ...first, problems: [...begun.problems, ...first.problems] }
  const now = deps.sessionClock.now()
  const asked = Math.min(request.wait ?? 0, deps.limits.maxWaitMs)
  const milliseconds = waitTime(part, { seen: from.seen, now, asked }, deps)
  const isDone = from.isNews || begun.hasMore || milliseconds === 0 || isEnough(read, minBytes)
  if (isDone) return answer(context, part, read)
  const waiting = context.startWaiting(milliseconds)
  try {
    return await fetchWaiting(context, part, read, waiting)
  } finally {
    waiting.end()
  }
}

async function fetchWaiting(
  context: PollContext,
  part: MemberIn,
  first: PolledRead,
  waiting: Waiting,
): Promise<PollResult> {
  const { deps, group, request, watch } = context
  const { autoOffsetReset = "earliest", minBytes = 1 } = request
  const member = { group, epoch: part.member.memberEpoch }
  let read = first
  while (!waiting.signal.aborted && !isEnough(read, minBytes)) {
    await waitForNews(deps.log, watchesOf(read), [waiting.signal, watch.signal])
    if (watch.overtaken) return standing(part)
    if (watch.signal.aborted) {
      const news = await heard(context, part)
      if (news !== undefined) return news
    }
    read = await readPartitions(deps, member, startsOf(read), request, autoOffsetReset)
  }
  return answer(context, part, read)
}

/** The group has changed: the answer where that concerns the member. */
async function heard({ deps, group, request, watch }: PollContext, part: MemberIn): Promise<PollResult | undefined> {
  const found = await readGroup(deps, group)
  if (found.kind === "unavailable") return standing(part)
  const member = memberOf(found.state, request.memberId)
  if (found.state === undefined || member === undefined) return { kind: "member_not_found" }
  if (member.memberEpoch !== part.member.memberEpoch) return standing({ state: found.state, member })
  watch.renew(found.state.epoch)
  return undefined
}

/** Where the log does not know a partition any more, the group learns what became of its topic. */
async function answer(context: PollContext, part: MemberIn, read: PolledRead): Promise<PollResult> {
  if (read.gone.length === 0) return { ...standing(part), fetched: read.fetched, problems: read.problems }
  const { deps, group, request } = context
  const again = await takePart(deps, group, request, { age: "now" })
  if (again.kind === "overtaken") return standing(again)
  if (again.kind !== "member") return again
  const left = new Set(assignedPartitions(again.state, request.memberId).map(refKey))
  const isLeft = ({ at }: { readonly at: AssignedPartition }) => left.has(refKey(at))
  const gone = read.gone.map((at): PolledProblem => ({ at, problem: { kind: "topic_not_found" } }))
  const anew = await readAnew(context, again, read.gone)
  if (anew.kind === "unavailable") return anew
  return {
    ...standing(again),
    fetched: [...read.fetched.filter(isLeft), ...anew.fetched],
    problems: [...[...read.problems, ...gone].filter(isLeft), ...anew.problems],
  }
}

/** From topics that were made again under their names: where the member stood in the former ones says nothing of them. */
async function readAnew({ deps, group, request }: PollContext, part: MemberIn, gone: readonly AssignedPartition[]) {
  const { paused, autoOffsetReset = "earliest" } = request
  const former = new Set(gone.map(refKey))
  const names = new Set(gone.map(({ topic }) => topic))
  const again = assignedPartitions(part.state, request.memberId, paused).filter(
    (at) => names.has(at.topic) && !former.has(refKey(at)),
  )
  const member = { group, epoch: part.member.memberEpoch }
  const begun = await startPositions(deps, member, again, new Map(), autoOffsetReset)
  if (begun.kind === "unavailable") return begun
  const read = await readPartitions(deps, member, begun.starts, request, autoOffsetReset)
  return { kind: "read", fetched: read.fetched, problems: [...begun.problems, ...read.problems] } as const
}

function refKey({ partition }: AssignedPartition): string {
  return `${partition.topicId}/${partition.partition}`
}
