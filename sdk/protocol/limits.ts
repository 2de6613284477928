/** The bounds of the service, in one place. A deployment may lower some; `GET /v1/limits` tells what is in force. */
export interface Limits {
  /** The largest encoded record batch that any topic may allow (`max.message.bytes`), bytes. */
  readonly maxBatchBytes: number
  /** The largest request body, as sent and after its content encoding is undone, bytes. */
  readonly maxRequestBytes: number
  /** The most records that a request may bring as JSON. */
  readonly maxRecords: number
  /** The most headers of a record that comes as JSON. */
  readonly maxRecordHeaders: number
  /** The deepest that lists and objects of a JSON body may lie in each other, the body itself being the first. */
  readonly maxNesting: number
  /** The largest request line and headers together, bytes. */
  readonly maxHeaderBytes: number
  /** What the records of a compressed batch may take after decompression, bytes. */
  readonly maxDecompressedBytes: number
  /** The most that a fetch gives, whatever its `maxBytes`: bytes of stored batches. */
  readonly maxFetchBytes: number
  /** `maxBytes` where the request does not say, bytes. */
  readonly defaultFetchBytes: number
  /** The most records that `limit` of a JSON fetch may ask for. */
  readonly maxFetchRecords: number
  /** `limit` where the request does not say. */
  readonly defaultFetchRecords: number
  /** The longest `wait` of a fetch, milliseconds. */
  readonly maxWaitMs: number
  /** The most partitions of a topic. */
  readonly maxPartitions: number
  /** The most entries of one `/v1/produce` or `/v1/fetch`. */
  readonly maxEntries: number
  /** The most partitions of one offset commit: it is all or nothing, and a DynamoDB transaction holds 100 items. */
  readonly maxCommits: number
  /** The most bytes of a committed offset's metadata: Kafka's offset.metadata.max.bytes. */
  readonly maxMetadataBytes: number
  /** The most members of a group: Kafka's group.consumer.max.size. */
  readonly maxMembers: number
  /** The most topics and patterns that a member subscribes to. */
  readonly maxSubscriptions: number
  /** The shortest and the longest `sessionTimeout`, and the longest `rebalanceTimeout`, milliseconds. */
  readonly minSessionTimeoutMs: number
  readonly maxSessionTimeoutMs: number
  readonly maxRebalanceTimeoutMs: number
  /** The highest `number` of a member's request. Requests without one go on counting from there, within exact integers. */
  readonly maxRequestNumber: number
  /** The most readers that wait at the same time. */
  readonly maxWaitingReaders: number
  /** The most of them that one caller may have, where it is asked who calls: one cannot keep all others from waiting. */
  readonly maxWaitingReadersPerCaller: number
  /**
   * How long a change of a topic may take to reach every process of the service, milliseconds: until then records may be
   * taken by the configuration before it, and spread by key over the partitions before it. 0: at once.
   */
  readonly configDelayMs: number
  /**
   * How long a change of keys and access control lists may take to reach every process of the service, milliseconds: until
   * then callers are taken for what they were before it. 0: at once.
   */
  readonly accessDelayMs: number
  /** The most names in one page of a list. */
  readonly maxPageSize: number
  /** The largest answer with records as JSON, bytes. It holds fewer records where more would not fit. */
  readonly maxAnswerBytes: number
  /** Whether records can be followed as server-sent events. */
  readonly eventStream: boolean
}

const KiB = 1024
const MiB = 1024 * KiB

export const limits: Limits = {
  maxBatchBytes: 4 * MiB,
  maxRequestBytes: 16 * MiB,
  maxRecords: 100_000,
  maxRecordHeaders: 1_000,
  maxNesting: 128,
  maxHeaderBytes: 16 * KiB,
  maxDecompressedBytes: 32 * MiB,
  maxFetchBytes: 16 * MiB,
  defaultFetchBytes: 1 * MiB,
  maxFetchRecords: 10_000,
  defaultFetchRecords: 500,
  maxWaitMs: 60_000,
  maxPartitions: 10_000,
  maxEntries: 1_000,
  maxCommits: 100,
  maxMetadataBytes: 4 * KiB,
  maxMembers: 200,
  maxSubscriptions: 100,
  minSessionTimeoutMs: 500,
  maxSessionTimeoutMs: 30 * 60_000,
  maxRebalanceTimeoutMs: 24 * 60 * 60_000,
  maxRequestNumber: 2 ** 52,
  maxWaitingReaders: 20_000,
  maxWaitingReadersPerCaller: 5_000,
  configDelayMs: 0,
  accessDelayMs: 0,
  maxPageSize: 1_000,
  maxAnswerBytes: 64 * MiB,
  eventStream: true,
}
