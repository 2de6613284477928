// The client of Stratalog: `fetch` only, for Node, Bun, Deno, browsers and edge workers.

export type { ErrorCode, Problem, SideEffects } from "../protocol/errors.ts"
export type { Limits } from "../protocol/limits.ts"
export type { Whoami } from "../protocol/schemas/access.ts"
export type { Assignor, TopicPartitions } from "../protocol/schemas/members.ts"
export type { ProducerId } from "../protocol/schemas/producers.ts"
export type { Health } from "../protocol/schemas/service.ts"
export type { AlterTopicBody, CreateTopicBody, DeletedRecords, Fence } from "../protocol/schemas/topics.ts"
export type { UpkeepStatus } from "../protocol/schemas/upkeep.ts"
export type { Acl, AclFilter, AclInput, Acls } from "./acls.ts"
export type { ApiKeySource, KeyWanted } from "./api-key.ts"
export type { Clock } from "./clock.ts"
export type {
  Consumer,
  ConsumerBatch,
  ConsumerLag,
  OffsetOfPartition,
  RecordContext,
  RunOptions,
  RunSettings,
} from "./consumer/consumer.ts"
export type { ConsumerOptions, MembershipOptions, ReadingOptions, Revocation } from "./consumer/options.ts"
export {
  type ClientErrorCode,
  ConnectionError,
  type DeniedPermission,
  FenceFailedError,
  MatchFailedError,
  NotAuthorizedError,
  OffsetOutOfRangeError,
  OutcomeUnknownError,
  ProducerFencedError,
  RecordFailedError,
  SchemaError,
  SequenceGapError,
  StratalogError,
  TimeoutError,
  TopicNotFoundError,
  UnauthenticatedError,
} from "./errors.ts"
export type { FetchOptions } from "./fetch-records.ts"
export type { DataFormat } from "./formats.ts"
export type {
  CommittedOffset,
  Group,
  GroupDescription,
  GroupLag,
  Groups,
  OffsetToCommit,
  ResetOffsets,
  ResetOffsetsBody,
} from "./groups.ts"
export type { AccessKey, CreatedKey, Keys, NewKey } from "./keys.ts"
export {
  type PartitionFailure,
  type Produced,
  ProduceError,
  type ProduceOptions,
  type ProducerInput,
} from "./produce-records.ts"
export type { ProducerOptions } from "./producer/options.ts"
export type { Partitioner } from "./producer/partitioner.ts"
export type { RecordMetadata, RoutedRecord, TopicProducer, TopicsProducer } from "./producer/producer.ts"
export type { ReadOptions } from "./read/read.ts"
export type { ReadStart } from "./read/start-offsets.ts"
export type { ConsumerRecord, HeaderValue, ProducerRecord, RecordHeaders, TopicOptions } from "./records.ts"
export type { RetryPolicy } from "./retry-policy.ts"
export { Stratalog, type StratalogOptions } from "./stratalog.ts"
export type { FetchedRecords, PartitionOffsets, Topic } from "./topic.ts"
export type { CallOptions, CreatedTopic, TopicDescription, Topics } from "./topics.ts"
export type { FetchFunction, HeaderSource } from "./transport.ts"
