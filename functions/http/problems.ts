/** What the features answer, as errors of the API's table: one sentence each, with what helps to go on. */
import { BATCH_TYPE, type Problem, problem } from "stratalog/protocol"
import type { ProduceOutcome } from "../log/append/append.ts"
import type { PartitionFetch } from "../log/fetch/fetch.ts"
import type { NotLocated } from "../log/locate.ts"
import { type ReadOutcome, StorageUnavailable, type Unavailable } from "../log/ports.ts"
import type { FetchedText } from "./records/fetch-result.ts"

export function notLocated(outcome: NotLocated): Problem {
  if (outcome.kind === "topic_not_found") {
    const detail = `There is no topic ${outcome.topic}: create it with PUT /v1/topics/${outcome.topic}.`
    return problem("topic_not_found", detail, { topic: outcome.topic })
  }
  const { topic, partition, partitions } = outcome
  const detail = `Topic ${topic} has ${partitions} partition${partitions === 1 ? "" : "s"}, numbered from 0: there is no partition ${partition}.`
  return problem("partition_not_found", detail, { topic, partition, partitions })
}

export function unavailable(outcome: Unavailable): Problem {
  if (outcome.sideEffects === "unknown") return problem("outcome_unknown", outcome.detail)
  if (outcome.reason === "storage_full") return problem("storage_full", outcome.detail)
  return problem(outcome.reason === "throttled" ? "too_many_requests" : "unavailable", outcome.detail)
}

/** What was thrown, where it is no defect: the storage could not look something up, before any effect. */
export function thrownProblem(error: unknown): Problem | undefined {
  return error instanceof StorageUnavailable ? unavailable(error.outcome) : undefined
}

export function corrupt(outcome: Extract<ReadOutcome, { kind: "corrupt" }>): Problem {
  return problem("corrupt_log", `${outcome.where}: ${outcome.detail}`)
}

export function produceProblem(outcome: Exclude<ProduceOutcome, { kind: "appended" | "duplicate" }>): Problem {
  switch (outcome.kind) {
    case "batch_too_large": {
      const { bytes, maxBytes } = outcome
      const detail = `The record batch takes ${bytes} bytes, and the topic's max.message.bytes is ${maxBytes}: send fewer records at once, or raise it.`
      return problem("batch_too_large", detail, { bytes, maxBytes })
    }
    case "corrupt_batch":
    case "invalid_batch":
      return problem(outcome.kind, outcome.detail)
    case "match_failed": {
      const { nextOffset } = outcome
      return problem("match_failed", `The next offset is ${nextOffset}.`, { nextOffset })
    }
    case "fence_failed":
      return fenceProblem(outcome.fencingToken)
    case "sequence_gap": {
      const { expected } = outcome
      return problem("sequence_gap", `The log expects sequence ${expected} of this producer next.`, { expected })
    }
    case "stale_epoch":
      return producerFenced(outcome.epoch)
    case "topic_not_found":
    case "partition_not_found":
      return notLocated(outcome)
    case "unavailable":
      return unavailable(outcome)
  }
}

/** `epoch`: the present one. */
export function producerFenced(epoch: number): Problem {
  return problem("producer_fenced", `The producer's epoch is ${epoch} by now.`, { epoch })
}

export function fenceProblem(fencingToken: string | undefined): Problem {
  const detail =
    fencingToken === undefined
      ? "The partition has no fencing token."
      : `The partition's fencing token is ${JSON.stringify(fencingToken)}.`
  return problem("fence_failed", detail, { fencingToken: fencingToken ?? null })
}

export function fetchProblem(outcome: Exclude<PartitionFetch, { kind: "fetched" }>): Problem {
  switch (outcome.kind) {
    case "below_start": {
      const detail = `Offset ${outcome.offset} is below the log start offset ${outcome.watermarks.logStartOffset}: the records were removed.`
      return problem("offset_below_log_start", detail, { ...outcome.watermarks })
    }
    case "beyond_end":
      return beyondEnd(outcome.offset, outcome.watermarks)
    case "corrupt":
      return corrupt(outcome)
    case "topic_not_found":
    case "partition_not_found":
      return notLocated(outcome)
    case "unavailable":
      return unavailable(outcome)
  }
}

/** A record as JSON that no answer can hold: as a batch it can be had. */
export function recordTooLarge({
  offset,
  bytes,
  maxBytes,
}: Extract<FetchedText, { kind: "record_too_large" }>): Problem {
  const detail = `The record at offset ${offset} takes ${bytes} bytes as JSON, more than the ${maxBytes} of an answer: fetch it as ${BATCH_TYPE}.`
  return problem("not_acceptable", detail, { offset })
}

export function beyondEnd(
  offset: number,
  watermarks: { readonly logStartOffset: number; readonly highWatermark: number },
): Problem {
  const { logStartOffset, highWatermark } = watermarks
  const detail = `Offset ${offset} is beyond the high watermark ${highWatermark}, the offset of the next record.`
  return problem("offset_beyond_end", detail, { logStartOffset, highWatermark })
}
