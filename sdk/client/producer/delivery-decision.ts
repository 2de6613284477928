/**
 * What to do after an attempt to append a batch. Pure.
 *
 * One batch of a partition is in flight at a time, and all its attempts carry the same producer id, epoch and
 * sequence: the log takes one of them. What is left to decide is when the batch's sequences may be used again.
 * - All attempts were definitely refused: nothing arrived and nothing will. The next batch takes the same sequences.
 * - An attempt is unaccounted for: it may have arrived, or may arrive later. The next batch must neither repeat its
 *   sequences (the log would take the new records for the old ones and drop them) nor skip them (a gap). It goes on
 *   with sequence 0 of a newer epoch; from its arrival on, the log refuses the older epoch, and if the lost attempt
 *   arrives before it, then in its place in the order.
 */
import { type StratalogError, TimeoutError } from "../errors.ts"
import { asOutcomeUnknown } from "../problem-error.ts"

/** Also a gateway's answer, whose limits are its own. */
const TOO_LARGE = 413

export interface FailedAttempt {
  readonly error: StratalogError
  readonly idempotent: boolean
  /** An earlier attempt with the same sequences may have arrived or may yet. */
  readonly afterUnknown: boolean
  /** Neither retries nor time are used up. */
  readonly canRetry: boolean
  readonly recordCount: number
  /** The batch carries the newest epoch that this producer has. */
  readonly epochIsNewest: boolean
}

export type DeliveryDecision =
  /** Send the same bytes again. */
  | { readonly kind: "retry"; readonly afterUnknown: boolean }
  /** Nothing arrived: give the batch another place in the sequence and send it. */
  | { readonly kind: "rebind"; readonly newEpoch: boolean }
  /** Nothing arrived: send it as two. */
  | { readonly kind: "split" }
  /** Its records fail. */
  | { readonly kind: "fail"; readonly error: StratalogError; readonly sequence: "unused" | "lost" }
  /** Somebody else took the producer id over: nothing more can be sent. */
  | { readonly kind: "fenced"; readonly error: StratalogError }

export function decideDelivery(failed: FailedAttempt): DeliveryDecision {
  const { error, idempotent, canRetry } = failed
  if (error.sideEffects === "unknown") {
    return idempotent && canRetry
      ? { kind: "retry", afterUnknown: true }
      : { kind: "fail", error: asOutcomeUnknown(error), sequence: "lost" }
  }
  if (idempotent && error.code === "producer_fenced") return decideFenced(failed)
  if (idempotent && error.code === "sequence_gap") return decideGap(failed)
  return decideRefused(failed)
}

/** A newer epoch wrote to the partition, or was given out: ours by another partition's recovery, or another producer's. */
function decideFenced({ error, afterUnknown, epochIsNewest }: FailedAttempt): DeliveryDecision {
  if (epochIsNewest) return { kind: "fenced", error: afterUnknown ? asOutcomeUnknown(error) : error }
  if (afterUnknown) return { kind: "fail", error: asOutcomeUnknown(error), sequence: "lost" }
  return { kind: "rebind", newEpoch: false }
}

/**
 * All batches before this one were acknowledged, so the log has lost what it knew: the topic was deleted and made
 * again, or restored from a copy. A newer epoch may begin at 0 anywhere.
 */
function decideGap({ error, afterUnknown, canRetry }: FailedAttempt): DeliveryDecision {
  if (afterUnknown) return { kind: "fail", error: asOutcomeUnknown(error), sequence: "lost" }
  return canRetry ? { kind: "rebind", newEpoch: true } : { kind: "fail", error, sequence: "lost" }
}

function decideRefused({ error, afterUnknown, canRetry, recordCount }: FailedAttempt): DeliveryDecision {
  if (error.retryable && canRetry) return { kind: "retry", afterUnknown }
  if (afterUnknown) return { kind: "fail", error: asOutcomeUnknown(error), sequence: "lost" }
  if (error.status === TOO_LARGE && recordCount > 1) return { kind: "split" }
  return { kind: "fail", error, sequence: "unused" }
}

/** The error of a batch whose time ran out; `last` is what its last attempt failed with, if there was one. */
export function deliveryTimeout(deliveryTimeoutMs: number, last?: StratalogError): TimeoutError {
  const why = last === undefined ? "it could not be sent" : last.detail
  return new TimeoutError({
    code: "timeout",
    detail: `The record was not delivered within ${deliveryTimeoutMs} ms: ${why}`,
    retryable: true,
    sideEffects: "none",
    cause: last,
  })
}
