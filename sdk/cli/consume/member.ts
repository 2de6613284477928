/** Reading as a member of a group: it joins, shares the partitions with others, and leaves in order. */
import type { Consumer } from "../../client/consumer/consumer.ts"
import { NotAuthorizedError, type StratalogError, UnauthenticatedError } from "../../client/errors.ts"
import type { Assignor, TopicPartitions } from "../../protocol/schemas/members.ts"
import type { Session } from "../session.ts"
import { EndWatch } from "./end-watch.ts"
import { topicEnds } from "./topic-ends.ts"

export type BytesConsumer = Consumer<Uint8Array | null, Uint8Array | null>

export interface MemberOptions {
  readonly group: string
  /** A topic, or a pattern that begins with ^. */
  readonly topic: string
  readonly from?: "earliest" | "latest" | undefined
  readonly follow?: boolean | undefined
  readonly instanceId?: string | undefined
  readonly assignor?: Assignor | undefined
  readonly sessionTimeoutMs?: number | undefined
  /** Aborts when it is to leave. */
  readonly signal: AbortSignal
}

/** What a member does with what it gets. */
export interface MemberWork {
  /** Reads until there is no more. */
  read(): Promise<void>
  assigned?(partitions: readonly TopicPartitions[]): Promise<void> | undefined
  /** Awaited while the partitions are still this member's, unless they are `lost`: the time to commit. */
  revoked(partitions: readonly TopicPartitions[], lost: boolean): Promise<void> | undefined
}

/**
 * Reads until the topic's end as it is now, or with `follow` until the signal aborts, and leaves the group. Commits
 * nothing by itself. Throws where the topic is not there or nobody answers, before it joins.
 */
export async function asMember(
  session: Session,
  options: MemberOptions,
  workOf: (consumer: BytesConsumer) => MemberWork,
): Promise<void> {
  const log = session.connect()
  const ends = await topicEnds(log, options.topic, session.stop)
  let work: MemberWork | undefined
  await using consumer = log.consumer({
    group: options.group,
    topics: [options.topic],
    autoOffsetReset: options.from ?? "earliest",
    autoCommit: false,
    groupInstanceId: options.instanceId,
    assignor: options.assignor,
    sessionTimeoutMs: options.sessionTimeoutMs,
    keyFormat: "bytes",
    valueFormat: "bytes",
    onAssigned: async (partitions) => work?.assigned?.(partitions),
    onRevoked: async (partitions, { lost }) => work?.revoked(partitions, lost),
    onProblem: problemNotices(session),
    signal: options.signal,
  })
  work = workOf(consumer)
  using watch = options.follow === true ? undefined : new EndWatch(log, consumer, ends)
  await work.read()
  if (watch?.gotNothing === true) {
    session.notice(`Other members of ${options.group} read all partitions; this one got none.`)
  }
}

/** What goes on in the same way is told once; what is refused to this caller ends the command, which tells it. */
function problemNotices(session: Session): (error: StratalogError) => void {
  let last = ""
  return (error) => {
    if (error instanceof NotAuthorizedError || error instanceof UnauthenticatedError) return
    const { code, detail } = error
    if (code !== last) session.notice(`strata: ${detail.replace(/\.?$/, ".")} Trying on.`)
    last = code
  }
}
