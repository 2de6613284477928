import type { TopicPartitions } from "stratalog"

/** What a member's process prints. */
export type Told =
  | { readonly what: "assigned" | "revoked" | "lost"; readonly partitions: readonly TopicPartitions[] }
  | { readonly what: "record"; readonly key: string; readonly value: number }
