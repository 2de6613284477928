/** Appends a group of batches by one commit: until it is in the log, refused for good, or nobody can tell. */
import type { AppendEntry, AppendOutcome, PartitionRef, Unavailable, UnknownPartition } from "../../log/ports.ts"
import { backOff } from "../backoff.ts"
import type { AppendDeps } from "../dependencies.ts"
import { entryWithId, tailEntries } from "../head.ts"
import { place } from "../place/place.ts"
import type { Entry, Head, ProducerPosition } from "../ports.ts"
import { acceptedEntries, commitGroup, type SentGroup } from "./commit-group.ts"
import { type GroupPlan, isAppended, planGroup, producersToLookUp } from "./decide.ts"
import { findOriginal } from "./find-original.ts"
import type { KnownHead } from "./known-head.ts"
import { settle } from "./settle.ts"
import { whoRolls } from "./who-rolls.ts"

export interface GroupResult {
  readonly outcomes: readonly AppendOutcome[]
  readonly committed?: CommittedGroup
}

/** This call added an entry. */
export interface CommittedGroup {
  readonly entry: Entry
  /** Right after the commit, or when it was found. */
  readonly head: Head
  /** Before the commit, where it moved the tail into a page. */
  readonly rolled?: Head
}

export async function appendGroup(
  deps: AppendDeps,
  partition: PartitionRef,
  known: KnownHead,
  entries: readonly AppendEntry[],
): Promise<GroupResult> {
  const until = deps.clock.now() + deps.settings.appendTimeoutMs
  let placed: PlacedGroup | undefined
  /** The known head has just refused an attempt of ours, or was read since. */
  let isFresh = false
  for (let tries = 0; ; tries += 1) {
    const step = await plan(deps, partition, known, entries, isFresh)
    if (step.kind !== "planned") return alike(entries, step)
    const accepted = acceptedEntries(step.plan)
    if (accepted.length === 0) return { outcomes: await outcomesOf(deps, partition, step.head, step.plan, 0) }
    if (placed === undefined || !isReusable(deps, placed, accepted)) {
      const at = deps.clock.now()
      const unplaced = { id: deps.ids.entry(), ...measure(accepted, step.plan) }
      const placing = await place(deps, partition, step.head, unplaced, accepted)
      if (placing.kind === "unavailable") return alike(entries, placing)
      placed = { accepted, entry: { ...unplaced, placement: placing.placement }, at }
    }
    const { entry } = placed
    const rolls = whoRolls({ tail: step.head.tail, own: known.own, rolling: known.rolling, tries })
    const attempt = { head: step.head, plan: step.plan, entry, rolls }
    const { outcome, lost, rolled } = await commitGroup(deps, partition, attempt)
    const ended = await conclude(deps, partition, known, { outcome, lost, until })
    if (ended.kind === "committed") {
      const outcomes = await outcomesOf(deps, partition, ended.head, step.plan, ended.baseOffset)
      return { outcomes, committed: { entry, head: ended.head, ...(rolled && { rolled }) } }
    }
    if (ended.kind === "unknown") return { outcomes: afterUnknown(step.plan, ended.head, ended.failure) }
    if (ended.kind === "unknown_partition") return alike(entries, ended)
    isFresh = ended.isFresh
    if (deps.clock.now() > until) return alike(entries, ended.failure ?? CROWDED)
    await backOff(deps, triesToPauseFor(ended.failure, tries))
  }
}

/** After so many doublings begins the pause of who was throttled: it leaves the budget to whoever rolls. */
const THROTTLED_HEAD_START = 3

function triesToPauseFor(failure: Unavailable | undefined, tries: number): number {
  if (failure === undefined) return Math.min(tries, 2)
  return failure.reason === "throttled" ? tries + THROTTLED_HEAD_START : tries
}

interface PlacedGroup {
  readonly accepted: readonly AppendEntry[]
  readonly entry: Entry
  /** When its placement was begun, epoch milliseconds: no later than its key says. */
  readonly at: number
}

/** The head it is committed on was read before this is asked, so that no sweep can have taken it meanwhile. */
function isReusable({ clock, settings }: AppendDeps, placed: PlacedGroup, accepted: readonly AppendEntry[]): boolean {
  if (Math.abs(clock.now() - placed.at) > settings.maxPlacementAgeMs) return false
  return placed.accepted.length === accepted.length && placed.accepted.every((entry, at) => entry === accepted[at])
}

function measure(accepted: readonly AppendEntry[], { recordCount, sequences }: GroupPlan) {
  return {
    recordCount,
    sequences,
    bytes: accepted.reduce((sum, { batch }) => sum + batch.length, 0),
    maxTimestamp: accepted.reduce((max, { maxTimestamp }) => Math.max(max, maxTimestamp), Number.MIN_SAFE_INTEGER),
  }
}

type Planned =
  | { readonly kind: "planned"; readonly head: Head; readonly plan: GroupPlan }
  | UnknownPartition
  | Unavailable

/** Nobody is refused on an old head. */
async function plan(
  deps: AppendDeps,
  partition: PartitionRef,
  known: KnownHead,
  entries: readonly AppendEntry[],
  isFresh: boolean,
): Promise<Planned> {
  let fresh = isFresh
  for (let read = await known.recent(); ; read = await known.read(), fresh = true) {
    if (read.kind !== "head") return read
    const { head } = read
    const spilled = await lookUp(deps, partition, producersToLookUp(head, entries))
    if (!(spilled instanceof Map)) return spilled
    const planned = planGroup(head, entries, spilled)
    if (fresh || planned.appends.every(({ kind }) => kind === "accepted")) {
      return { kind: "planned", head, plan: planned }
    }
  }
}

async function lookUp(
  { index }: AppendDeps,
  partition: PartitionRef,
  ids: readonly number[],
): Promise<Map<number, ProducerPosition | undefined> | Unavailable> {
  const found = new Map<number, ProducerPosition | undefined>()
  for (const id of ids) {
    const read = await index.spilledProducer(partition, id)
    if (read.kind === "unavailable") return { ...read, sideEffects: "none" }
    found.set(id, read.position)
  }
  return found
}

type Concluded =
  | { readonly kind: "committed"; readonly head: Head; readonly baseOffset: number }
  /** Nothing of this attempt is or will be in the log. */
  | { readonly kind: "again"; readonly isFresh: boolean; readonly failure?: Unavailable }
  | { readonly kind: "unknown"; readonly head: Head | undefined; readonly failure: Unavailable }
  | UnknownPartition

async function conclude(
  deps: AppendDeps,
  partition: PartitionRef,
  known: KnownHead,
  { outcome, lost, until }: SentGroup & { readonly until: number },
): Promise<Concluded> {
  switch (outcome.kind) {
    case "committed":
      known.learn(outcome.head)
      return { kind: "committed", head: outcome.head, baseOffset: lastEntryBase(outcome.head) }
    case "refused": {
      known.learn(outcome.head)
      // A request that the network delivered twice is refused by itself.
      const landed = entryWithId(tailEntries(outcome.head), lost.entryId)
      if (landed === undefined) return { kind: "again", isFresh: true }
      return { kind: "committed", head: outcome.head, baseOffset: landed.baseOffset }
    }
    case "unknown_partition":
      return outcome
    case "unavailable":
      if (outcome.sideEffects === "none") return { kind: "again", isFresh: false, failure: outcome }
  }
  const settled = await settle(deps, partition, lost, until)
  if (settled.kind === "unknown_partition") return settled
  if (settled.head !== undefined) known.learn(settled.head)
  if (settled.kind === "found") return { kind: "committed", head: settled.head, baseOffset: settled.entry.baseOffset }
  return settled.kind === "absent"
    ? { kind: "again", isFresh: true, failure: { ...outcome, sideEffects: "none" } }
    : { kind: "unknown", head: settled.head, failure: outcome }
}

function lastEntryBase(head: Head): number {
  return head.nextOffset - (head.tail.at(-1)?.recordCount ?? 0)
}

const CROWDED: Unavailable = {
  kind: "unavailable",
  reason: "throttled",
  sideEffects: "none",
  detail: "Others appended to this partition at each attempt.",
}

function alike(entries: readonly AppendEntry[], outcome: AppendOutcome): GroupResult {
  return { outcomes: entries.map(() => outcome) }
}

async function outcomesOf(
  deps: AppendDeps,
  partition: PartitionRef,
  head: Head,
  { appends }: GroupPlan,
  baseOffset: number,
): Promise<readonly AppendOutcome[]> {
  const outcomes: AppendOutcome[] = []
  for (const append of appends) {
    if (append.kind === "accepted") outcomes.push({ kind: "appended", baseOffset: baseOffset + append.before })
    else if (append.kind === "same_as") {
      const { before, maxTimestamp } = append
      outcomes.push({ kind: "duplicate", baseOffset: baseOffset + before, maxTimestamp })
    } else if (append.outcome.kind !== "duplicate") outcomes.push(append.outcome)
    else {
      const original = await findOriginal(deps, partition, head, append.entry)
      outcomes.push({ kind: "duplicate", ...original })
    }
  }
  return outcomes
}

/** What the head's sequences still tell where nobody can say whether the lost attempt landed. */
function afterUnknown({ appends }: GroupPlan, head: Head | undefined, failure: Unavailable): readonly AppendOutcome[] {
  return appends.map((append): AppendOutcome => {
    if (append.kind === "refused") return append.outcome
    const appended = append.kind === "accepted" && head !== undefined && isAppended(head, append.entry)
    return appended ? { kind: "duplicate" } : { ...failure, sideEffects: "unknown" }
  })
}
