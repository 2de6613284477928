/**
 * A member's life in its group: one request after another, each of which keeps it alive, commits and fetches, while
 * handlers work on what came before.
 */
import { limits } from "../../protocol/limits.ts"
import type { PolledHead } from "../../protocol/schemas/group-members.ts"
import type { AssignedTopic, TopicPartitions } from "../../protocol/schemas/members.ts"
import type { Clock } from "../clock.ts"
import { StratalogError, TopicNotFoundError } from "../errors.ts"
import type { FetchContext } from "../fetch-records.ts"
import { errorOfProblem } from "../problem-error.ts"
import { retryPause } from "../retry-policy.ts"
import type { OffsetOfPartition } from "./consumer.ts"
import { meaningOf, refusedOffsets } from "./failure.ts"
import { asError, MemberRequests, type PollOutcome } from "./member-requests.ts"
import type { ConsumerSettings, MembershipOptions } from "./options.ts"
import type { AssignedPartition, Hand, OwnedPartition } from "./partition.ts"
import { oneByOne, Partitions } from "./partitions.ts"
import { offsetsOf } from "./poll-body.ts"
import { Rebalance } from "./rebalance.ts"
import { decideRound } from "./round.ts"
import { preparePoll, type SentPoll } from "./sent-poll.ts"
import { untilAborted, withinTime } from "./time-limit.ts"
import { Wakeup } from "./wakeup.ts"

export type SessionListeners = Pick<MembershipOptions, "onAssigned" | "onRevoked" | "onProblem">

type Polled = Extract<PollOutcome, { kind: "answered" }>

export class GroupSession {
  readonly partitions = new Partitions()
  /** There may be records to take, or the session is ending. */
  readonly arrival = new Wakeup()
  readonly settings: ConsumerSettings
  /** Counts the times at which records that were taken, and have not begun, may have become unwanted. */
  losses = 0
  /** What it ended with, if by itself. */
  failure: { readonly error: unknown } | undefined
  readonly #requests: MemberRequests
  readonly #context: FetchContext
  readonly clock: Clock
  readonly #listeners: SessionListeners
  readonly #rebalance: Rebalance
  readonly #wakeup = new Wakeup()
  readonly #stopped = new AbortController()
  readonly #closing = new AbortController()
  #running: Promise<void> | undefined
  #closed: Promise<void> | undefined
  /** Ends the request that is under way. Absent while that must not be. */
  #inFlight: AbortController | undefined
  #isWaiting = false
  #onAnswer: (() => void)[] = []
  #memberEpoch = 0
  #number = 0
  #heartbeatInterval = 0
  /** When the latest request that was answered was sent: nobody has taken this member for gone before that. */
  #confirmedAt = Number.NEGATIVE_INFINITY
  #sentAt = Number.NEGATIVE_INFINITY
  #lastCommitAt = Number.NEGATIVE_INFINITY
  #idleUntil = 0
  #failures = 0
  /** The commit of the poll before was refused. */
  #wasFenced = false
  #lookedForTopics = false

  constructor(context: FetchContext, settings: ConsumerSettings, memberId: string, listeners: SessionListeners) {
    this.settings = settings
    this.#context = context
    this.clock = context.transport.clock
    this.#listeners = listeners
    this.#requests = new MemberRequests(context, settings.group, memberId, settings.sessionTimeoutMs)
    this.#rebalance = new Rebalance(
      settings,
      listeners,
      this.clock,
      () => this.arrival.wake(),
      () => this.#onGone(),
      (error) => this.#fail(error),
    )
  }

  start(): void {
    this.#running ??= this.#run()
  }

  get isClosing(): boolean {
    return this.#closing.signal.aborted || this.failure !== undefined
  }

  /** Aborts when the session begins to close. */
  get closing(): AbortSignal {
    return this.#closing.signal
  }

  /**
   * Records to work on. None while the group may take this member for gone, as after a long pause of the process: its
   * partitions may be others' by now.
   */
  take(most: number, spread?: boolean, wanted?: (owned: OwnedPartition) => boolean): Hand | undefined {
    if (this.isClosing || !this.isSurelyMember) return undefined
    const hadRoom = this.#hasRoom
    const hand = this.partitions.take(most, spread, wanted)
    if (!hadRoom && this.#hasRoom) this.#wakeup.wake()
    return hand
  }

  /** False: the group may take this member for gone. The next answer tells. */
  get isSurelyMember(): boolean {
    const isSure = this.#memberEpoch > 0 && this.clock.now() < this.#confirmedAt + this.settings.sessionTimeoutMs
    if (!isSure) this.#wakeup.wake()
    return isSure
  }

  /** Resolves with the next answer, or when none will come. */
  nextAnswer(): Promise<void> {
    return this.#stopped.signal.aborted ? Promise.resolve() : new Promise((resolve) => this.#onAnswer.push(resolve))
  }

  /** Has what changed said to the service at once, be it that a request waits there. */
  speakUp(): void {
    if (this.#isWaiting) this.#inFlight?.abort()
    else this.#wakeup.wake()
  }

  /** Whatever was processed of what this member has. */
  commitProcessed(signal?: AbortSignal): Promise<void> {
    return this.commit(offsetsOf(this.partitions.all), signal, (owned) => owned?.isReadable !== true)
  }

  /**
   * An offset below the committed one is passed over, as in a poll; so is what is refused for another reason of partitions
   * that `mayGo`.
   */
  async commit(
    offsets: readonly OffsetOfPartition[],
    signal?: AbortSignal,
    mayGo: (owned: OwnedPartition | undefined) => boolean = () => false,
  ): Promise<void> {
    let left = offsets.map((each) => ({ topicId: this.partitions.find(each)?.topicId, ...each }))
    for (let epoch = this.#memberEpoch; left.length > 0; epoch = this.#memberEpoch) {
      if (epoch === 0) throw notInGroup(this.settings.group)
      try {
        await this.#requests.commit(left, epoch, signal)
        break
      } catch (error) {
        const refused = refusedOffsets(error, left)
        const mayPass = refused.every(
          ({ offset, code }) => code === "offset_regression" || mayGo(this.partitions.find(offset)),
        )
        if (refused.length > 0 && mayPass) left = left.filter((each) => !refused.some(({ offset }) => offset === each))
        else if (!isFenced(error) || this.isClosing || !(await this.#hasNewEpoch(epoch, signal))) throw error
      }
    }
    for (const { offset, ...name } of offsets) this.#acknowledge(this.partitions.find(name), offset)
  }

  /** Finishes what is in hand, within `timeoutMs`; commits and leaves. Never rejects. */
  close(timeoutMs: number): Promise<void> {
    this.#closed ??= this.#close(timeoutMs)
    return this.#closed
  }

  async #close(timeoutMs: number): Promise<void> {
    this.#closing.abort()
    this.losses++
    this.arrival.wake()
    this.#wakeOthers()
    if (this.#running === undefined) return
    const all = this.partitions.all.filter(({ phase }) => phase !== "released")
    const finished = this.#rebalance.revoked(all)
    await this.#within(timeoutMs, (signal) => untilAborted(finished, signal))
    this.#stopped.abort()
    this.#wakeup.wake()
    this.#inFlight?.abort()
    await this.#running
    await this.#within(timeoutMs, (signal) => this.#leave(signal))
    for (const owned of this.partitions.all) this.partitions.remove(owned)
  }

  async #leave(signal: AbortSignal): Promise<void> {
    const isMember = this.#memberEpoch > 0
    const stays = isMember && this.settings.groupInstanceId !== undefined
    try {
      // A request that was broken off may have given partitions up, with what was processed of them.
      if (this.settings.autoCommit && isMember) await this.commitProcessed(signal)
    } finally {
      if (!stays && this.#number > 0) await this.#requests.leave(signal)
    }
  }

  /** Tells what the work fails with; what it has no time for is left. */
  async #within(ms: number, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    try {
      await withinTime(this.clock, ms, work)
    } catch (error) {
      this.#tell(asError(error))
    }
  }

  async #run(): Promise<void> {
    try {
      while (!this.#stopped.signal.aborted && this.failure === undefined) await this.#round()
    } catch (error) {
      this.#fail(error)
    }
    this.#wakeOthers()
  }

  async #round(): Promise<void> {
    const now = this.clock.now()
    const round = decideRound(this.#view(now), this.settings)
    if (round.kind === "sleep") return this.#wakeup.waitFor(round.ms, this.clock)
    const mayCommit = this.settings.autoCommit && this.#memberEpoch > 0 && !this.#wasFenced
    const member = { memberEpoch: this.#memberEpoch, number: ++this.#number, mayCommit }
    const sent = preparePoll(this.settings, member, this.partitions.all, round, now)
    this.#sentAt = now
    const interrupt = new AbortController()
    // A join that comes after its member left would bring back somebody who is not there.
    this.#inFlight = this.#memberEpoch === 0 ? undefined : interrupt
    this.#isWaiting = round.waitMs > 0
    const outcome = await this.#requests.poll(sent.body, interrupt.signal)
    this.#inFlight = undefined
    this.#isWaiting = false
    if (outcome.kind === "answered") await this.#apply(sent, outcome)
    else if (outcome.kind === "failed") await this.#recover(sent, outcome.error, outcome.retryAfterMs)
  }

  #view(now: number): Parameters<typeof decideRound>[0] {
    const all = this.partitions.all
    const { readable } = this.partitions
    const hasUncommitted = all.some(({ uncommitted }) => uncommitted !== undefined)
    return {
      now,
      memberEpoch: this.#memberEpoch,
      heartbeatDue: this.#sentAt + this.#heartbeatInterval,
      heartbeatInterval: this.#heartbeatInterval,
      hasRoom: this.#hasRoom && !this.isClosing,
      isFetchable: readable.length === 0 || readable.some(({ paused }) => !paused),
      idleUntil: this.#idleUntil,
      isReleasing: !this.isClosing && all.some(({ phase }) => phase === "released"),
      isRevoking: all.some(({ phase }) => phase === "revoking"),
      willCommit: hasUncommitted || all.some(({ inHand, hasRecords }) => inHand > 0 || hasRecords),
      hasUncommitted,
      lastCommitAt: this.#lastCommitAt,
    }
  }

  async #apply(sent: SentPoll, { head, fetched }: Polled): Promise<void> {
    this.#memberEpoch = head.memberEpoch
    this.#heartbeatInterval = head.heartbeatInterval
    this.#confirmedAt = sent.at
    this.#wasFenced = false
    // Where there was more than one commit takes, the next round goes on with it.
    const isAll = sent.committing.length < limits.maxCommits
    if (sent.committing.length > 0 && isAll) this.#lastCommitAt = sent.at
    for (const { owned, offset } of sent.committing) this.#acknowledge(owned, offset)
    for (const owned of sent.releasing) this.partitions.remove(owned)
    if (!this.isClosing) this.#adopt(head.assignment)
    for (const part of fetched) {
      const owned = this.partitions.find(part)
      if (owned?.isReadable && owned.fetchVersion === (sent.versions.get(owned) ?? 0))
        this.partitions.accept(owned, part)
    }
    const isIdle = sent.fetch && fetched.every(({ records }) => records.length === 0)
    this.#idleUntil = isIdle ? this.clock.now() + this.settings.idlePauseMs : 0
    this.arrival.wake()
    this.#wakeOthers()
    this.#lookForTopics(head.assignment)
    const hasProblems = this.#reportProblems(head)
    this.#failures = hasProblems && fetched.length === 0 ? this.#failures + 1 : 0
    if (this.#failures > 0) await this.#pause(undefined)
  }

  #adopt(assignment: readonly AssignedTopic[]): void {
    const names = oneByOne(assignment)
    this.#dropFormer(names)
    const added = names.filter((name) => this.partitions.find(name) === undefined)
    if (added.length > 0) this.#rebalance.assigned(added.map((name) => this.partitions.add(name)))
    const wanted = new Set(names.map((name) => this.partitions.find(name)))
    const revoked = this.partitions.readable.filter((owned) => !wanted.has(owned))
    if (revoked.length === 0) return
    void this.#rebalance.revoked(revoked)
    this.losses++
  }

  /** A topic that was made again under its name is another one: where this member stood says nothing of it. */
  #dropFormer(assigned: readonly AssignedPartition[]): void {
    const former = assigned.flatMap((name) => {
      const owned = this.partitions.find(name)
      return owned === undefined || owned.topicId === name.topicId ? [] : [owned]
    })
    if (former.length === 0) return
    for (const owned of former) this.partitions.remove(owned)
    this.#rebalance.lost(former)
    this.losses++
  }

  /** Throws what no further poll can change. */
  #reportProblems({ problems = [] }: PolledHead): boolean {
    for (const { topic, partition, error } of problems) {
      const problem = errorOfProblem(error)
      const isOurs = this.partitions.find({ topic, partition }) !== undefined
      if (isOurs && meaningOf(problem) === "fatal") throw problem
      this.#tell(problem)
    }
    return problems.length > 0
  }

  async #recover(sent: SentPoll, error: StratalogError, retryAfterMs: number | undefined): Promise<void> {
    const meaning = meaningOf(error)
    if (meaning === "fatal") throw error
    this.#failures++
    this.#tell(error)
    if (meaning === "again") return this.#pause(retryAfterMs)
    // A refused commit does not say what of it is whose: the next answer does, and if that is refused too, nothing is ours.
    const mayBeOne = meaning === "refused" && sent.committing.length > 0 && !this.#wasFenced
    this.#wasFenced = mayBeOne
    if (mayBeOne) {
      // Where it stays refused, it is tried no more often than any.
      this.#lastCommitAt = sent.at
      return
    }
    await this.#requireOwnName(error)
    this.#memberEpoch = 0
    const all = this.partitions.all
    for (const owned of all) this.partitions.remove(owned)
    this.#rebalance.lost(all)
    this.losses++
    this.arrival.wake()
    if (this.#failures > 1) await this.#pause(undefined)
  }

  /** Two processes with one static name would take it from each other for ever: the one that lost it ends. */
  async #requireOwnName(error: StratalogError): Promise<void> {
    const { groupInstanceId } = this.settings
    if (groupInstanceId === undefined) return
    const isReplaced = await this.#requests.isReplaced(groupInstanceId, this.#stopped.signal).catch(() => false)
    if (isReplaced) throw error
  }

  /** A member that leaves gives everything up by that. */
  #onGone(): void {
    if (!this.isClosing) this.speakUp()
  }

  /** A topic that is not there yet is waited for; the application may want to know. */
  #lookForTopics(assignment: readonly TopicPartitions[]): void {
    if (this.#lookedForTopics || this.#listeners.onProblem === undefined) return
    this.#lookedForTopics = true
    for (const topic of this.settings.topics) {
      if (topic.startsWith("^") || assignment.some((assigned) => assigned.topic === topic)) continue
      this.#requests.describeTopic(topic, this.#stopped.signal).catch((error) => {
        if (error instanceof TopicNotFoundError) this.#tell(error)
      })
    }
  }

  async #hasNewEpoch(known: number, signal: AbortSignal | undefined): Promise<boolean> {
    this.speakUp()
    const answer = this.nextAnswer()
    await (signal === undefined ? answer : untilAborted(answer, signal))
    signal?.throwIfAborted()
    return this.#memberEpoch > 0 && this.#memberEpoch !== known
  }

  #acknowledge(owned: OwnedPartition | undefined, offset: number): void {
    if (owned === undefined) return
    owned.committed = Math.max(owned.committed ?? 0, offset)
    owned.committedAt = this.clock.now()
  }

  get #hasRoom(): boolean {
    return this.partitions.bytes < this.settings.fetchMaxBytes
  }

  async #pause(retryAfterMs: number | undefined): Promise<void> {
    const { retries } = this.#context.transport
    const ms = retryPause(this.#failures, retries, this.clock.random(), retryAfterMs)
    await this.clock.sleep(ms, this.#stopped.signal).catch(() => undefined)
  }

  #tell(error: StratalogError): void {
    try {
      this.#listeners.onProblem?.(error)
    } catch (thrown) {
      this.#fail(thrown)
    }
  }

  #fail(error: unknown): void {
    this.failure ??= { error }
    this.#stopped.abort()
    this.#wakeup.wake()
    this.arrival.wake()
    this.#wakeOthers()
  }

  #wakeOthers(): void {
    for (const resolve of this.#onAnswer) resolve()
    this.#onAnswer = []
  }
}

function isFenced(error: unknown): boolean {
  return error instanceof StratalogError && error.code === "member_fenced"
}

function notInGroup(group: string): StratalogError {
  const detail = `This consumer is no member of group ${group} at the moment: it has nothing to commit.`
  return new StratalogError({ code: "member_fenced", detail, retryable: false, sideEffects: "none" })
}
