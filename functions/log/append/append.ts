/** Produce to one partition: check or encode, append, answer when it is durable. */
import { effectiveConfig } from "stratalog/protocol"
import type { Topic } from "../../topics/ports.ts"
import type { AppendDependencies } from "../dependencies.ts"
import { type Location, locate, locateRecent, type NotLocated } from "../locate.ts"
import {
  type AppendEntry,
  type AppendOutcome,
  type Awaitable,
  type PartitionRef,
  type ProducerSequence,
  StorageUnavailable,
  type Unavailable,
  type UnknownPartition,
} from "../ports.ts"
import { encodeRecords, type UnstampedRecord } from "./encoded-records.ts"
import { checkProducedBatch, type RefusedBatch } from "./produced-batch.ts"

export type ProduceSource =
  | { readonly kind: "records"; readonly records: readonly UnstampedRecord[]; readonly producer?: ProducerSequence }
  /** One binary record batch; it carries its own producer. */
  | { readonly kind: "batch"; readonly bytes: Uint8Array }

export interface ProduceRequest {
  readonly topic: string
  readonly partition: number
  readonly source: ProduceSource
  readonly matchOffset?: number | undefined
  readonly fencingToken?: string | undefined
}

export type ProduceOutcome =
  | {
      readonly kind: "appended"
      readonly baseOffset: number
      readonly count: number
      /** The greatest timestamp of the records, epoch milliseconds. */
      readonly timestamp: number
    }
  | {
      readonly kind: "duplicate"
      readonly baseOffset: number | undefined
      readonly count: number
      readonly timestamp: number
    }
  | { readonly kind: "batch_too_large"; readonly bytes: number; readonly maxBytes: number }
  | RefusedBatch
  | NotLocated
  | Exclude<AppendOutcome, { kind: "appended" | "duplicate" | "unknown_partition" }>

export async function appendToPartition(deps: AppendDependencies, request: ProduceRequest): Promise<ProduceOutcome> {
  const looking = looked(() => locateRecent(deps.topics, request.topic, request.partition))
  const location = looking instanceof Promise ? await looking : looking
  if (location.kind !== "located") return location
  return appendToTopic(deps, location.topic, location.partition, request)
}

/** The same where the topic has been looked up already, if only in memory. */
export async function appendToTopic(
  deps: AppendDependencies,
  topic: Topic,
  partition: PartitionRef,
  request: ProduceRequest,
): Promise<ProduceOutcome> {
  const outcome = await appendIn(deps, topic, partition, request)
  if (outcome.kind !== "unknown_partition") return outcome
  // The topic was deleted, and nothing was appended; there may be another of its name.
  const now = await looked(() => locate(deps.topics, request.topic, request.partition))
  if (now.kind !== "located") return now
  const again = now.topic.id === topic.id ? outcome : await appendIn(deps, now.topic, now.partition, request)
  return again.kind === "unknown_partition" ? { kind: "topic_not_found", topic: request.topic } : again
}

/** A topic that cannot be looked up is the outcome of its own append, whatever becomes of others in the same request. */
function looked(look: () => Awaitable<Location>): Awaitable<Location | Unavailable> {
  try {
    const looking = look()
    return looking instanceof Promise ? looking.catch(unavailable) : looking
  } catch (error) {
    return unavailable(error)
  }
}

function unavailable(error: unknown): Unavailable {
  if (error instanceof StorageUnavailable) return error.outcome
  throw error
}

async function appendIn(
  deps: AppendDependencies,
  topic: Topic,
  partition: PartitionRef,
  request: ProduceRequest,
): Promise<ProduceOutcome | UnknownPartition> {
  const config = effectiveConfig(topic.config)
  const { codecs, limits } = deps
  const rules = { config, codecs, now: deps.clock.now(), maxDecompressedBytes: limits.maxDecompressedBytes }
  const maxBytes = config["max.message.bytes"]
  const { source } = request
  if (source.kind === "batch" && source.bytes.length > maxBytes) return tooLarge(source.bytes.length, maxBytes)
  const checking =
    source.kind === "batch"
      ? checkProducedBatch(source.bytes, rules)
      : encodeRecords(source.records, source.producer, rules)
  const checked = checking instanceof Promise ? await checking : checking
  if (checked.kind !== "checked") return checked
  const size = checked.entry.batch.length
  if (size > maxBytes) return tooLarge(size, maxBytes)
  const entry = withConditions(checked.entry, request, config.placement)
  const [outcome] = await deps.log.append(partition, [entry])
  if (deps.news !== undefined && outcome?.kind === "appended") await deps.news.appended(topic.name)
  return outcome === undefined ? missingOutcome() : answer(outcome, entry)
}

function withConditions(
  entry: AppendEntry,
  request: ProduceRequest,
  placement: NonNullable<AppendEntry["placement"]>,
): AppendEntry {
  const { matchOffset, fencingToken } = request
  if (matchOffset === undefined && fencingToken === undefined && placement === "cost") return entry
  return {
    ...entry,
    placement,
    ...(matchOffset !== undefined && { matchOffset }),
    ...(fencingToken !== undefined && { fencingToken }),
  }
}

function answer(outcome: AppendOutcome, entry: AppendEntry): ProduceOutcome | UnknownPartition {
  const { recordCount: count, maxTimestamp: timestamp } = entry
  switch (outcome.kind) {
    case "appended":
      return { kind: "appended", baseOffset: outcome.baseOffset, count, timestamp }
    case "duplicate":
      return {
        kind: "duplicate",
        baseOffset: outcome.baseOffset,
        count,
        timestamp: outcome.maxTimestamp ?? timestamp,
      }
    default:
      return outcome
  }
}

function tooLarge(bytes: number, maxBytes: number): ProduceOutcome {
  return { kind: "batch_too_large", bytes, maxBytes }
}

function missingOutcome(): ProduceOutcome {
  return {
    kind: "unavailable",
    reason: "storage_failed",
    sideEffects: "unknown",
    detail: "The storage gave no outcome for the append.",
  }
}
