/** What ends a copy, in sentences that say what to do. */
import { exitCodes } from "../exit-codes.ts"
import { Failure } from "../failure.ts"
import type { PartitionOf } from "./log-end.ts"
import type { RecordTooLarge } from "./pieces.ts"

export interface Refusal {
  readonly topic: string
  /** Absent: the topic as a whole. */
  readonly partition?: number
  readonly reason: string
}

const SHOWN = 5

export function cannotCopy(refusals: readonly Refusal[]): Failure {
  const shown = refusals.slice(0, SHOWN).map(({ topic, partition, reason }) => {
    const place = partition === undefined ? `Topic ${topic}` : `Partition ${topic}:${partition} of the target`
    return `${place}: ${reason}.`
  })
  const more = refusals.length > SHOWN ? ` And ${refusals.length - SHOWN} more.` : ""
  return failure("cannot_copy", `${shown.join(" ")}${more} Nothing was written.`, {
    advice:
      "Leave it out (--topics), or delete it at the target (`strata topic delete <topic> --url <target>`) and copy it anew.",
    refusals,
  })
}

export function otherWriter({ topic, partition }: PartitionOf, offset: number): Failure {
  const detail =
    `Partition ${topic}:${partition} of the target holds a record at offset ${offset} that is not the source's: ` +
    "somebody else writes there, too."
  return failure("target_changed", detail, {
    advice: "Stop producers of the target until the copy is over; delete the topic there and copy it anew.",
    topic,
    partition,
    offset,
  })
}

export function targetShrank({ topic, partition }: PartitionOf, end: number, expected: number): Failure {
  const detail = `Partition ${topic}:${partition} of the target ends at offset ${end}, but ${expected} was written: it was made anew meanwhile.`
  return failure("target_changed", detail, { advice: "Run it again.", topic, partition })
}

export function timeChanged({ topic, partition }: PartitionOf): Failure {
  const detail = `Topic ${topic} of the target gave a record another time than it has in the source (partition ${partition}): somebody set its message.timestamp.type meanwhile.`
  return failure("target_changed", detail, {
    advice: "Delete the topic at the target and copy it anew; two copies of a topic at once may get there.",
    topic,
    partition,
  })
}

export function recordTooLarge({ topic, partition }: PartitionOf, record: RecordTooLarge, maxBytes: number): Failure {
  const { offset, bytes } = record
  const detail = `The record at offset ${offset} of ${topic}:${partition} takes ${bytes} bytes as a batch, and the target takes ${maxBytes} at the most.`
  return failure("batch_too_large", detail, {
    advice:
      "Leave the topic out (--topics), let the record go from the source (retention, `strata delete-records`), or copy to a service with larger batches (`maxBatchBytes` of /v1/limits).",
    topic,
    partition,
    offset,
  })
}

export function sourceChanged(topic: string): Failure {
  const detail = `Topic ${topic} of the source was deleted and made again, or has more partitions by now.`
  return failure("source_changed", detail, {
    advice: "Run it again; of a topic that was made again delete the copy before.",
    topic,
  })
}

export function failure(
  code: string,
  detail: string,
  more: { readonly advice: string; readonly [extension: string]: unknown },
): Failure {
  return new Failure(exitCodes.refused, { code, detail, ...more })
}
