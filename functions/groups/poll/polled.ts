/** What a poll asks, works with and answers. */
import type { PollBody } from "stratalog/protocol"
import type { CommitRefusal } from "../commit/decide.ts"
import type { GroupDependencies } from "../dependencies.ts"
import type { GroupWatch } from "../group-changes.ts"
import { type MemberAnswer, memberAnswer } from "../heartbeat/member-answer.ts"
import type { MemberRequest } from "../members/join.ts"
import type { MemberIn, MemberRefusal } from "../membership/take-part.ts"
import type { PolledPartition, PolledProblem } from "./read-partitions.ts"
import type { StartWaiting } from "./wait.ts"

export interface PollRequest extends Omit<PollBody, "keyFormat" | "valueFormat" | "maxRecords" | "maxBytes"> {
  readonly memberId: string
  /** Bytes of stored batches. */
  readonly maxBytes: number
  /** Undefined: whole batches, however many records they hold. */
  readonly maxRecords: number | undefined
  /** Whether who asks may read a topic. */
  readonly mayRead: (topic: string) => boolean
}

/** One poll and what it works with. */
export interface PollContext {
  readonly deps: GroupDependencies
  readonly group: string
  readonly request: PollRequest & MemberRequest
  readonly watch: GroupWatch
  readonly startWaiting: StartWaiting
}

export interface Polled {
  readonly kind: "polled"
  readonly answer: MemberAnswer
  readonly fetched: readonly PolledPartition[]
  readonly problems: readonly PolledProblem[]
}

export type PollResult =
  | Polled
  /** Of the commit; nothing else was done either. */
  | { readonly kind: "refused"; readonly refusals: readonly CommitRefusal[] }
  /** The member has partitions of topics that who asks may not read; nothing was committed, claimed or read. */
  | { readonly kind: "topics_denied"; readonly topics: readonly string[] }
  | MemberRefusal

/** Undefined: who asks may read all that the member may. */
export function topicsDenied(
  assignment: readonly { readonly topic: string }[],
  { mayRead }: Pick<PollRequest, "mayRead">,
): Extract<PollResult, { kind: "topics_denied" }> | undefined {
  const topics = assignment.map(({ topic }) => topic).filter((topic) => !mayRead(topic))
  return topics.length === 0 ? undefined : { kind: "topics_denied", topics }
}

/** Where the member stands, without records. */
export function standing(part: MemberIn): Polled {
  return { kind: "polled", answer: memberAnswer(part), fetched: [], problems: [] }
}
