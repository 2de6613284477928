/** One attempt to commit a group: rolls first where it is due, and in the same stroke where that can be. */
import { dynamoDbPlacementLimits } from "stratalog/cost"
import type { AppendEntry, PartitionRef } from "../../log/ports.ts"
import type { AppendDeps } from "../dependencies.ts"
import { wishOf } from "../place/place.ts"
import { type Commit, type CommitHeadOutcome, type Entry, type Head, tailBase } from "../ports.ts"
import { producersToEvict, rollIsDue } from "../roll/decide.ts"
import { putTail, spill } from "../roll/roll.ts"
import { conditionsOf, type GroupPlan } from "./decide.ts"
import type { LostAttempt } from "./settle.ts"
import type { RollsItself } from "./who-rolls.ts"

/**
 * An append may land under so many later generations than the one its sender knew, so that those who roll do not fail those
 * who append. Any number will do: whoever loses an answer raises the generation past it before anything else.
 */
const WINDOW = 1_000_000

export interface GroupAttempt {
  readonly head: Head
  readonly plan: GroupPlan
  readonly entry: Entry
  readonly rolls: RollsItself
}

export interface SentGroup {
  readonly outcome: CommitHeadOutcome
  /** What to settle where the outcome is unknown. */
  readonly lost: LostAttempt
  /** The head whose whole tail lies in a page once this attempt takes effect. */
  readonly rolled?: Head
}

export async function commitGroup(
  deps: AppendDeps,
  partition: PartitionRef,
  attempt: GroupAttempt,
): Promise<SentGroup> {
  const { head, plan, entry } = attempt
  const coming = plan.producers.map(({ id }) => id)
  const { maxProducers, tailLimitBytes } = deps.settings
  // Who may not roll lets the head remember some more for now.
  const bound = attempt.rolls === "never" ? 2 * maxProducers : maxProducers
  const evictIds = producersToEvict(head, coming, bound)
  const full = attempt.rolls !== "never" && head.tailBytes >= tailLimitBytes
  const due = attempt.rolls === "when_due" && isDue(deps, head, entry, plan)
  if (!due && !full && evictIds.length === 0)
    return send(deps, partition, attempt, appendCommit(attempt, tailLimitBytes))
  const put = await putTail(deps, partition, head)
  if (put.kind === "unavailable") return notSent(put, attempt)
  const spilled = await spill(deps, partition, head, evictIds)
  if (spilled.kind === "unavailable") return notSent(spilled, attempt)
  return { ...(await send(deps, partition, attempt, rollCommit(attempt, spilled.evict))), rolled: head }
}

function isDue({ sizes }: AppendDeps, head: Head, entry: Entry, plan: GroupPlan): boolean {
  return rollIsDue({
    headBytes: sizes.head(head),
    entryBytes: sizes.entry(entry),
    tailEntries: head.tail.length,
    minTailEntries: dynamoDbPlacementLimits.minTailEntries[wishOf(acceptedEntries(plan))],
  })
}

export function acceptedEntries(plan: GroupPlan): readonly AppendEntry[] {
  return plan.appends.flatMap((append) => (append.kind === "accepted" ? [append.entry] : []))
}

function appendCommit({ head, plan, entry }: GroupAttempt, limit: number): Commit {
  return {
    generation: plan.exact ? { exactly: head.generation } : { atMost: head.generation + WINDOW },
    entry,
    tail: { kind: "append", limit },
    producers: plan.producers,
    evict: [],
    ...conditionsOf(acceptedEntries(plan)),
  }
}

/** The tail as the head has it lies in a page by now: the entry takes its place, if nothing came to it meanwhile. */
function rollCommit({ head, plan, entry }: GroupAttempt, evict: Commit["evict"]): Commit {
  return {
    generation: { exactly: head.generation },
    nextGeneration: head.generation + 1,
    entry,
    tail: { kind: "replace" },
    producers: plan.producers,
    evict,
    ...conditionsOf(acceptedEntries(plan)),
    nextOffset: head.nextOffset,
  }
}

async function send(
  { index }: AppendDeps,
  partition: PartitionRef,
  { head, entry }: GroupAttempt,
  commit: Commit,
): Promise<SentGroup> {
  const { generation } = commit
  const maxGeneration = "exactly" in generation ? generation.exactly : generation.atMost
  const lost = { entryId: entry.id, maxGeneration, fromBase: tailBase(head) }
  return { outcome: await index.commit(partition, commit), lost }
}

/** The commit itself was never sent. */
function notSent(
  failure: Extract<CommitHeadOutcome, { kind: "unavailable" }>,
  { head, entry }: GroupAttempt,
): SentGroup {
  const lost = { entryId: entry.id, maxGeneration: head.generation, fromBase: tailBase(head) }
  return { outcome: { ...failure, sideEffects: "none" }, lost }
}
