/** What readers ask for, and what they get. */
import * as z from "zod/mini"
import { limits } from "../limits.ts"
import { described } from "./documented.ts"
import { at, duration, durationText, integerText, offset, partitionNumber, timestamp, topicName } from "./fields.ts"
import { problemSchema } from "./problem.ts"
import { formats, headers } from "./records.ts"

export const fetchQuery = z.strictObject({
  offset: described(
    z.optional(z.union([z.enum(["earliest", "latest"]), integerText(offset)])),
    "The first offset to read, or earliest, or latest; default earliest",
  ),
  timestamp: described(z.optional(integerText(timestamp)), "Start at the first record that is this old or younger"),
  tail: described(z.optional(integerText(z.int().check(z.gte(0)))), "Start so many records before the end"),
  limit: described(
    z.optional(integerText(z.int().check(z.gte(1), z.lte(limits.maxFetchRecords)))),
    "The most records; JSON only",
  ),
  maxBytes: described(
    z.optional(integerText(z.int().check(z.gte(1), z.lte(limits.maxFetchBytes)))),
    "The most bytes of stored batches; the first batch is given whatever its size",
  ),
  minBytes: described(
    z.optional(integerText(z.int().check(z.gte(0), z.lte(limits.maxFetchBytes)))),
    "Wait for so many bytes; default 1",
  ),
  wait: described(z.optional(durationText), "How long to wait for `minBytes`; default 0"),
  ...formats,
})

export const fetchManyBody = z.strictObject({
  partitions: z
    .array(
      z.strictObject({
        topic: topicName,
        partition: partitionNumber,
        offset: z.optional(z.union([z.enum(["earliest", "latest"]), offset])),
        timestamp: z.optional(timestamp),
        tail: z.optional(z.int().check(z.gte(0))),
      }),
    )
    .check(z.minLength(1), z.maxLength(limits.maxEntries)),
  limit: z.optional(z.int().check(z.gte(1), z.lte(limits.maxFetchRecords))),
  maxBytes: z.optional(z.int().check(z.gte(1), z.lte(limits.maxFetchBytes))),
  minBytes: z.optional(z.int().check(z.gte(0), z.lte(limits.maxFetchBytes))),
  wait: z.optional(duration),
  ...formats,
})

/** A record as a fetch answers it. */
export const fetchedRecord = z.object({
  offset,
  timestamp,
  key: described(z.unknown(), "In `keyFormat`; null: no key"),
  value: described(z.unknown(), "In `valueFormat`; null: a tombstone"),
  headers: z.optional(headers),
  keyEncoding: described(z.optional(z.literal("base64")), "The key's bytes do not decode in `keyFormat`"),
  valueEncoding: described(z.optional(z.literal("base64")), "The value's bytes do not decode in `valueFormat`"),
})

export const fetched = z.object({
  records: z.array(fetchedRecord),
  nextOffset: described(offset, "Where to go on"),
  highWatermark: described(offset, "The offset of the next record to be written"),
  logStartOffset: described(offset, "The first offset that can be read"),
})

export const fetchedMany = z.object({
  partitions: z.array(z.union([z.extend(fetched, at), z.object({ ...at, error: problemSchema })])),
})

export type FetchQuery = z.infer<typeof fetchQuery>
export type FetchManyBody = z.infer<typeof fetchManyBody>
export type FetchedRecord = z.infer<typeof fetchedRecord>
export type Fetched = z.infer<typeof fetched>

export type FetchedMany = z.infer<typeof fetchedMany>
