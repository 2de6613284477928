/** What topics ask of their storage. Contract suite: test/contract/topic-store.ts. */
import type { TopicConfigInput } from "stratalog/protocol"
import type { Awaitable, Unavailable } from "../log/ports.ts"

/** Configuration that was set on purpose, by Kafka's names; what is absent has its default. */
export type TopicConfig = Readonly<TopicConfigInput>

export interface Topic {
  readonly name: string
  /** A UUID; another one each time a topic of this name is created. */
  readonly id: string
  readonly partitions: number
  readonly config: TopicConfig
  /** Epoch milliseconds. */
  readonly createdAt: number
  /** Counts changes, from 1; a change is made on condition of it. */
  readonly version: number
}

export type CreateTopicOutcome =
  | { readonly kind: "created" }
  | { readonly kind: "exists"; readonly topic: Topic }
  | Unavailable

export type ReplaceTopicOutcome =
  | { readonly kind: "replaced" }
  /** Somebody else changed or deleted the topic; its present state, if any. */
  | { readonly kind: "changed"; readonly topic: Topic | undefined }
  | Unavailable

export type DeleteTopicOutcome = { readonly kind: "deleted" } | { readonly kind: "not_found" } | Unavailable

export interface TopicPage {
  readonly topics: readonly Topic[]
  /** The name to pass as `after` for the next page; absent on the last. */
  readonly next?: string
}

export interface TopicStore {
  /** Durable when it answers. */
  create(topic: Topic): Awaitable<CreateTopicOutcome>
  /** As it is now. Throws `StorageUnavailable`. */
  get(name: string): Awaitable<Topic | undefined>
  /**
   * The same for every request, from memory where the storage can: as the topic was at most `limits.configDelayMs` ago. It
   * may be deleted, made again or have more partitions since, so whoever finds that it does not fit asks `get`; that there
   * is no such topic is never from memory. Throws `StorageUnavailable`.
   */
  recent(name: string): Awaitable<Topic | undefined>
  /**
   * By name, ascending in code unit order, those after `after` that start with `prefix`. Throws `StorageUnavailable`.
   */
  list(request: { readonly after?: string; readonly prefix?: string; readonly limit: number }): Awaitable<TopicPage>
  /** Writes `topic` where the stored one has the same id and the version before. */
  replace(topic: Topic): Awaitable<ReplaceTopicOutcome>
  /** Removes the topic of this name if it is still the one with this id. */
  delete(name: string, id: string): Awaitable<DeleteTopicOutcome>
}

/** Random UUIDs. */
export interface TopicIds {
  next(): string
}

/** What a deleted topic leaves in the consumer groups; `GroupOffsets` has it. */
export interface TopicOffsets {
  /** Forgets what any group committed for this topic. Safe to repeat. */
  forgetTopic(topicId: string): Awaitable<{ readonly kind: "done" } | Unavailable>
}
