/** A consumer's settings, by Kafka's names where it has one. */
import type { StandardSchemaV1 } from "@standard-schema/spec"
import { limits } from "../../protocol/limits.ts"
import type { Assignor, TopicPartitions } from "../../protocol/schemas/members.ts"
import { invalidArgument, type StratalogError } from "../errors.ts"
import type { DataFormat } from "../formats.ts"
import type { TopicOptions } from "../records.ts"

export interface Revocation {
  /** They are somebody else's already, as this member was taken for gone: there is nothing to commit any more. */
  readonly lost: boolean
}

/** What a consumer does about the group it is in. */
export interface MembershipOptions {
  readonly group: string
  /** Names of topics, and patterns (RE2) that begin with `^`. A topic that is not there yet is read once it is. */
  readonly topics: readonly string[]
  /**
   * A static member's name, as Kafka's group.instance.id: it does not leave when it closes, and who comes back with the
   * name within the session time-out has its partitions, so that a restart moves none. Default: none.
   */
  readonly groupInstanceId?: string | undefined
  /** How partitions are shared out. Default `uniform`: evenly, moving as few as possible. */
  readonly assignor?: Assignor | undefined
  /**
   * A member that is silent for so long has left, milliseconds. Default 45 s, as Kafka: shorter finds crashes sooner,
   * and takes a long pause of the process for one.
   */
  readonly sessionTimeoutMs?: number | undefined
  /**
   * How long a member may take to finish and give up partitions that go to another, milliseconds; then it is expelled.
   * Default 5 minutes, as Kafka's max.poll.interval.ms. How long a handler takes matters for nothing else.
   */
  readonly rebalanceTimeoutMs?: number | undefined
  /** Kafka's name for `rebalanceTimeoutMs`. */
  readonly maxPollIntervalMs?: number | undefined
  /**
   * Awaited before records of newly assigned partitions are handed out: the place to `seek`. If it throws, the consumer
   * ends with that error.
   */
  readonly onAssigned?: ((partitions: readonly TopicPartitions[]) => void | Promise<void>) | undefined
  /**
   * Awaited, within `rebalanceTimeoutMs`, before partitions go to their next owner: what is in hand is finished, and
   * what `commit` is called for in here counts. If it throws, the consumer ends with that error.
   */
  readonly onRevoked?:
    | ((partitions: readonly TopicPartitions[], revocation: Revocation) => void | Promise<void>)
    | undefined
  /**
   * Told of what the consumer gets over by itself: a service that does not answer, a partition that cannot be read now, a
   * topic that is not there yet, a last commit that failed. Default: nobody is.
   */
  readonly onProblem?: ((error: StratalogError) => void) | undefined
  /** Closes the consumer as `close` does; loops and `run` end without an error. */
  readonly signal?: AbortSignal | undefined
}

/** Where a consumer begins, what it fetches and when it commits. */
export interface ReadingOptions {
  /** Another word for `autoOffsetReset`. */
  readonly from?: "earliest" | "latest" | undefined
  /**
   * Where to begin where the group committed nothing, or retention removed what it committed. Default `earliest`, other
   * than Kafka: `latest` leaves out whatever was written before the group's first request, without a word. `none`: the
   * consumer ends with the error `no_committed_offset`.
   */
  readonly autoOffsetReset?: "earliest" | "latest" | "none" | undefined
  /** The most records of one batch of `batches` and `eachBatch`, and that `run` looks ahead. Default 500, as Kafka. */
  readonly maxPollRecords?: number | undefined
  /** A fetch waits for so many bytes. Default 1: what is there is handed out at once. */
  readonly fetchMinBytes?: number | undefined
  /**
   * The most bytes of stored batches in one answer. So much may also wait in the buffer before the consumer stops
   * fetching, but for a little of partitions that have nothing there; and so much `run` looks ahead. Default 1 MiB.
   */
  readonly fetchMaxBytes?: number | undefined
  /**
   * How long one request waits for records, milliseconds. Default 10 s: an idle consumer costs six requests a minute, and
   * records are answered as soon as they are there whatever it says.
   */
  readonly fetchMaxWaitMs?: number | undefined
  /**
   * How long to pause after an answer without records, milliseconds, at most until the service wants to hear of the member
   * (5 s). Default 0. Behind Lambda functions, where each second that a request waits is paid, `fetchMaxWaitMs: 0` with a
   * pause of 5 s makes an idle consumer cost a sixteenth, and records be found so much later.
   */
  readonly idlePauseMs?: number | undefined
  /** Commit what was processed. Default true: at least once. False: only `commit` does. */
  readonly autoCommit?: boolean | undefined
  /** Kafka's name for `autoCommit`. */
  readonly enableAutoCommit?: boolean | undefined
  /**
   * How long what was processed may stay uncommitted, milliseconds: a crash repeats as much. Default 5 s, as Kafka; 0:
   * every request commits. Partitions that are given up, and all at the end, are committed at once.
   */
  readonly autoCommitIntervalMs?: number | undefined
}

/** Formats and schemas are those of every topic the consumer reads. */
export type ConsumerOptions<
  KS extends StandardSchemaV1 | undefined = StandardSchemaV1 | undefined,
  VS extends StandardSchemaV1 | undefined = StandardSchemaV1 | undefined,
  KF extends DataFormat = DataFormat,
  VF extends DataFormat = DataFormat,
> = MembershipOptions & ReadingOptions & TopicOptions<KS, VS, KF, VF>

export interface ConsumerSettings {
  readonly group: string
  readonly topics: readonly string[]
  readonly groupInstanceId: string | undefined
  readonly assignor: Assignor
  readonly sessionTimeoutMs: number
  readonly rebalanceTimeoutMs: number
  readonly autoOffsetReset: "earliest" | "latest" | "none"
  readonly maxPollRecords: number
  readonly fetchMinBytes: number
  readonly fetchMaxBytes: number
  readonly fetchMaxWaitMs: number
  readonly idlePauseMs: number
  readonly autoCommit: boolean
  readonly autoCommitIntervalMs: number
}

const MiB = 1024 ** 2

/** Fills in the defaults. Throws `invalid_argument` on a value that cannot work. */
export function consumerSettings(options: ConsumerOptions): ConsumerSettings {
  const settings: ConsumerSettings = {
    group: options.group,
    topics: [...options.topics],
    groupInstanceId: options.groupInstanceId,
    assignor: options.assignor ?? "uniform",
    sessionTimeoutMs: options.sessionTimeoutMs ?? 45_000,
    rebalanceTimeoutMs: oneOf(options, "rebalanceTimeoutMs", "maxPollIntervalMs") ?? 300_000,
    autoOffsetReset: oneOf(options, "autoOffsetReset", "from") ?? "earliest",
    maxPollRecords: options.maxPollRecords ?? 500,
    fetchMinBytes: options.fetchMinBytes ?? 1,
    fetchMaxBytes: options.fetchMaxBytes ?? MiB,
    fetchMaxWaitMs: options.fetchMaxWaitMs ?? 10_000,
    idlePauseMs: options.idlePauseMs ?? 0,
    autoCommit: oneOf(options, "autoCommit", "enableAutoCommit") ?? true,
    autoCommitIntervalMs: options.autoCommitIntervalMs ?? 5_000,
  }
  requireTopics(settings.topics)
  const { minSessionTimeoutMs, maxSessionTimeoutMs, maxRebalanceTimeoutMs, maxFetchBytes } = limits
  requireWithin("sessionTimeoutMs", settings.sessionTimeoutMs, minSessionTimeoutMs, maxSessionTimeoutMs)
  requireWithin("rebalanceTimeoutMs", settings.rebalanceTimeoutMs, minSessionTimeoutMs, maxRebalanceTimeoutMs)
  requireWithin("maxPollRecords", settings.maxPollRecords, 1, Number.MAX_SAFE_INTEGER)
  requireWithin("fetchMinBytes", settings.fetchMinBytes, 1, maxFetchBytes)
  requireWithin("fetchMaxBytes", settings.fetchMaxBytes, 1, maxFetchBytes)
  requireWithin("idlePauseMs", settings.idlePauseMs, 0, Number.MAX_SAFE_INTEGER)
  // Without either it would ask without end.
  const leastWait = settings.idlePauseMs > 0 ? 0 : 1
  requireWithin("fetchMaxWaitMs", settings.fetchMaxWaitMs, leastWait, Number.MAX_SAFE_INTEGER)
  requireWithin("autoCommitIntervalMs", settings.autoCommitIntervalMs, 0, Number.MAX_SAFE_INTEGER)
  return settings
}

function oneOf<A extends keyof ConsumerOptions, B extends keyof ConsumerOptions>(
  options: ConsumerOptions,
  name: A,
  alias: B,
): ConsumerOptions[A] | ConsumerOptions[B] {
  const value: unknown = options[name]
  const other: unknown = options[alias]
  if (value !== undefined && other !== undefined && value !== other) {
    throw invalidArgument(`${name} and ${alias} are the same setting: give one of them.`)
  }
  return options[name] ?? options[alias]
}

function requireTopics(topics: readonly string[]): void {
  const { maxSubscriptions } = limits
  if (topics.length >= 1 && topics.length <= maxSubscriptions) return
  throw invalidArgument(`A consumer subscribes to 1 to ${maxSubscriptions} topics and patterns, not ${topics.length}.`)
}

function requireWithin(name: string, value: number, least: number, most: number): void {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return
  const bounds = most === Number.MAX_SAFE_INTEGER ? `${least} or more` : `from ${least} to ${most}`
  throw invalidArgument(`${name} is ${value}; it must be a whole number, ${bounds}.`)
}
