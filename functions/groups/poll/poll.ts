/** One request a round: commits what was processed, keeps the member alive, and fetches from its partitions. */
import { StorageUnavailable } from "../../log/ports.ts"
import { commitAsMember } from "../commit/commit-as-member.ts"
import { meansFormer } from "../commit/topic-ids.ts"
import type { GroupDependencies } from "../dependencies.ts"
import { assignmentOf, memberOf } from "../members/assignment.ts"
import { decideHeartbeat } from "../members/decide-heartbeat.ts"
import type { GroupState } from "../members/state.ts"
import { type GroupFound, readGroup, withTopics } from "../membership/read-group.ts"
import { noteRequest, takePart, whereItStands } from "../membership/take-part.ts"
import type { CommittedOffset } from "../ports.ts"
import { placeKey } from "./assigned.ts"
import { fetchAssigned } from "./fetch-assigned.ts"
import { type PollContext, type Polled, type PollRequest, type PollResult, standing, topicsDenied } from "./polled.ts"
import type { StartWaiting } from "./wait.ts"

/** Throws `StorageUnavailable` where topics cannot be looked up. */
export async function poll(
  deps: GroupDependencies,
  group: string,
  request: PollRequest,
  startWaiting: StartWaiting,
): Promise<PollResult> {
  const noted = await noteRequest(deps, group, request.memberId, request.number)
  if (noted.kind === "unavailable") return noted
  const watch = deps.changes.watch(group, request.memberId, noted.number)
  try {
    const found = await readGroup(deps, group)
    if (found.kind === "unavailable") return found
    if (noted.kind === "late") {
      const place = whereItStands(found.state, request.memberId)
      if (place.kind !== "overtaken") return place
      return topicsDenied(assignmentOf(place.state, request.memberId), request) ?? standing(place)
    }
    const numbered = { ...request, number: noted.number }
    const result = await pollOn({ deps, group, request: numbered, watch, startWaiting }, found)
    // Whatever failed may have come after the commit.
    const hasCommit = (request.commit?.length ?? 0) > 0
    return result.kind === "unavailable" && hasCommit ? { ...result, sideEffects: "unknown" } : result
  } finally {
    watch.end()
  }
}

async function pollOn(context: PollContext, found: GroupFound): Promise<PollResult> {
  const committed = await commitFirst(context, found)
  if (committed.kind !== "committed") return committed
  const { offsets } = committed
  const rest = readable(context, goOn(context, found, offsets))
  return offsets.length === 0 ? rest : afterCommit(rest)
}

/** Others may have changed the group while it waited. */
async function readable({ request }: PollContext, rest: Promise<PollResult>): Promise<PollResult> {
  const result = await rest
  const denied = result.kind === "polled" ? topicsDenied(result.answer.assignment, request) : undefined
  return denied ?? result
}

async function goOn(
  context: PollContext,
  found: GroupFound,
  committed: readonly CommittedOffset[],
): Promise<PollResult> {
  const { deps, group, request } = context
  const part = await takePart(deps, group, request, { first: found })
  if (part.kind === "overtaken") return standing(part)
  if (part.kind !== "member") return part
  const denied = topicsDenied(assignmentOf(part.state, request.memberId), request)
  if (denied !== undefined) return denied
  context.watch.renew(part.state.epoch)
  // Who joins knows nothing yet, also where its join is sent again.
  const { memberEpoch: knownEpoch = memberOf(found.state, request.memberId)?.memberEpoch } = request
  const isNews = part.member.memberEpoch !== knownEpoch
  const former = formerTopics(request, part.state)
  const isMadeAgain = madeAgain(found.state, part.state)
  const known = knownOffsets(request, committed, (topic) => former.has(topic) || isMadeAgain(topic))
  return fetchAssigned(context, part, { known, seen: found.seen, isNews })
}

/** What was committed stays so: no refusal of the rest says that nothing happened. The same request again tells the reason. */
async function afterCommit(rest: Promise<PollResult>): Promise<PollResult> {
  const result = await rest.catch((error: unknown) => {
    if (error instanceof StorageUnavailable) return error.outcome
    throw error
  })
  if (result.kind === "polled") return result
  if (result.kind === "unavailable") return { ...result, sideEffects: "unknown" }
  const detail = `The offsets were committed; the rest was refused: ${result.kind}.`
  return { kind: "unavailable", reason: "storage_failed", sideEffects: "unknown", detail }
}

type CommitFirst =
  | { readonly kind: "committed"; readonly offsets: readonly CommittedOffset[] }
  | Exclude<PollResult, Polled>

/** Before the member gives anything up: who gets it next reads on behind what is committed here. */
async function commitFirst({ deps, group, request }: PollContext, found: GroupFound): Promise<CommitFirst> {
  const { memberId, memberEpoch } = request
  const isFormer = meansFormer(found.state)
  const commit = (request.commit ?? []).filter((each) => !isFormer(each))
  if (commit.length === 0) return { kind: "committed", offsets: [] }
  if (memberOf(found.state, memberId) === undefined) return { kind: "member_not_found" }
  // Nothing is committed for a request that is refused in any case.
  const denied = topicsDenied(found.state === undefined ? [] : assignmentOf(found.state, memberId), request)
  if (denied !== undefined) return denied
  const decision = decideHeartbeat(await withTopics(deps, found, request.topics, "recent"), request)
  if (decision.kind !== "changed" && decision.kind !== "unchanged") return decision
  const offsets = commit.map(({ metadata = "", ...each }) => ({ ...each, metadata }))
  return commitAsMember(deps, group, found.state, { memberId, memberEpoch, offsets, lenient: true })
}

/** What needs no claim, by `placeKey`: a position that the member gives goes before what it commits. */
function knownOffsets(
  { positions = [] }: PollRequest,
  committed: readonly CommittedOffset[],
  isMadeAgain: (topic: string) => boolean,
): ReadonlyMap<string, number> {
  const left = positions.filter(({ topic }) => !isMadeAgain(topic))
  return new Map([
    ...committed.map(({ topic, partition, offset }) => [placeKey(topic, partition.partition), offset] as const),
    ...left.map(({ topic, partition, offset }) => [placeKey(topic, partition), offset] as const),
  ])
}

/** Names of topics of which the member knows only a former one. */
function formerTopics({ owned = [] }: PollRequest, state: GroupState): ReadonlySet<string> {
  const isFormer = meansFormer(state)
  const present = new Set(owned.filter((each) => !isFormer(each)).map(({ topic }) => topic))
  return new Set(owned.filter((each) => isFormer(each) && !present.has(each.topic)).map(({ topic }) => topic))
}

/** Whether a topic is another one by now under the same name: where a member stood in the former says nothing of it. */
function madeAgain(before: GroupState | undefined, after: GroupState): (topic: string) => boolean {
  const idsBefore = new Map(before?.topics.map(({ topic, topicId }) => [topic, topicId]))
  const ids = new Map(after.topics.map(({ topic, topicId }) => [topic, topicId]))
  return (topic) => idsBefore.has(topic) && idsBefore.get(topic) !== ids.get(topic)
}
