/** Answers of calls that write, to one partition or many: each result is a success or a problem. */
import * as z from "zod/mini"
import { described } from "./documented.ts"
import { at, offset, partitionNumber, timestamp } from "./fields.ts"
import { problemSchema } from "./problem.ts"

/** An append that succeeded. */
export const produced = z.object({
  partition: partitionNumber,
  baseOffset: described(
    z.optional(offset),
    "The offset of the first record; absent for a duplicate that is older than what the log remembers",
  ),
  count: z.int().check(z.gte(1)),
  timestamp: described(timestamp, "The greatest timestamp of the records"),
  duplicate: described(z.optional(z.literal(true)), "The records were appended by an earlier request of this producer"),
})

/** Which records of one request went to one partition: positions in the request. */
const records = z.optional(z.array(z.int().check(z.gte(0))))
const producedRecords = z.extend(produced, { records })

export const producedToTopic = z.object({ results: z.array(producedRecords) })

export const producedPartly = z.object({
  results: z.array(z.union([producedRecords, z.object({ partition: partitionNumber, records, error: problemSchema })])),
})

export const producedMany = z.object({
  results: z.array(z.union([z.extend(produced, at), z.object({ ...at, error: problemSchema })])),
})

export type Produced = z.infer<typeof produced>
export type ProducedToTopic = z.infer<typeof producedToTopic>
export type ProducedPartly = z.infer<typeof producedPartly>
export type ProducedMany = z.infer<typeof producedMany>
