/** Where the offsets of a group are to go, as requests of the API. */
import { InvalidArgumentError } from "commander"
import { parseDuration } from "../../protocol/duration.ts"
import { LEGAL_NAME } from "../../protocol/names.ts"
import type { ResetOffsetsBody } from "../../protocol/schemas/group-offsets.ts"
import { inputFailure } from "../failure.ts"

export type ResetTopic = NonNullable<ResetOffsetsBody["topics"]>[number]

const PARTITIONS = /^\d{1,4}(,\d{1,4})*$/

/** `orders` or `orders:0,1`, given several times. */
export function resetTopics(text: string, before: readonly ResetTopic[] | undefined): ResetTopic[] {
  const [topic = "", numbers, ...rest] = text.split(":")
  if (!LEGAL_NAME.test(topic) || rest.length > 0 || (numbers !== undefined && !PARTITIONS.test(numbers))) {
    throw new InvalidArgumentError("It must be <topic> or <topic>:<partitions>, such as orders or orders:0,1.")
  }
  const partitions = numbers?.split(",").map(Number)
  return [...(before ?? []), partitions === undefined ? { topic } : { topic, partitions }]
}

const ISO_DURATION = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/

/** Milliseconds of `15m`, or of `PT15M` as kafka-consumer-groups wants it. */
export function resetDuration(text: string): number {
  const iso = ISO_DURATION.exec(text)
  const [, days, hours, minutes, seconds] = iso ?? []
  const milliseconds =
    iso === null
      ? parseDuration(text)
      : Math.round(
          ((Number(days ?? 0) * 24 + Number(hours ?? 0)) * 60 + Number(minutes ?? 0)) * 60_000 +
            Number(seconds ?? 0) * 1000,
        )
  if (milliseconds !== undefined && /\d/.test(text)) return milliseconds
  throw new InvalidArgumentError("It must be a duration such as 15m, 2h or PT15M.")
}

/** A whole number, negative for back. */
export function shift(text: string): number {
  const records = Number(text)
  if (/^[+-]?\d{1,15}$/.test(text)) return records
  throw new InvalidArgumentError("It must be a whole number: on, or back where it is negative, such as -10.")
}

const CSV_LINE = /^"?([a-zA-Z0-9._-]{1,249})"?,(\d{1,4}),(\d{1,16})$/

/** The lines `topic,partition,offset` of a file, as `--export` writes them: a request for each offset that occurs. */
export function requestsOfFile(path: string, text: string): readonly ResetOffsetsBody[] {
  const byOffset = new Map<number, Map<string, number[]>>()
  const seen = new Set<string>()
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === "") continue
    const [, topic, partition, offset] = CSV_LINE.exec(line.trim()) ?? []
    if (topic === undefined || partition === undefined || offset === undefined) {
      throw inputFailure(`${path} line ${index + 1} is not <topic>,<partition>,<offset>: ${line}`)
    }
    const place = `${topic}:${Number(partition)}`
    if (seen.has(place)) throw inputFailure(`${path} line ${index + 1} names ${place} a second time.`)
    seen.add(place)
    const topics = byOffset.get(Number(offset)) ?? new Map<string, number[]>()
    topics.set(topic, [...(topics.get(topic) ?? []), Number(partition)])
    byOffset.set(Number(offset), topics)
  }
  if (byOffset.size === 0) throw inputFailure(`${path} has no lines: they are <topic>,<partition>,<offset>.`)
  return [...byOffset].map(([offset, topics]) => ({
    offset,
    topics: [...topics].map(([topic, partitions]) => ({ topic, partitions })),
  }))
}
