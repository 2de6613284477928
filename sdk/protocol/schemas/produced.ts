/** Answers of calls that write to many partitions: each result is a success or a problem. */
import * as z from "zod/mini"
import { partitionNumber, topicName } from "./fields.ts"
import { problemSchema } from "./problem.ts"
import { fetched, produced } from "./records.ts"

/** The records of one request that went to one partition; `records` says which (positions in the request). */
export const producedToTopic = z.object({
  results: z.array(z.extend(produced, { records: z.optional(z.array(z.int().check(z.gte(0)))) })),
})

export const producedPartly = z.object({
  results: z.array(
    z.union([
      z.extend(produced, { records: z.optional(z.array(z.int().check(z.gte(0)))) }),
      z.object({
        partition: partitionNumber,
        records: z.optional(z.array(z.int().check(z.gte(0)))),
        error: problemSchema,
      }),
    ]),
  ),
})

const at = { topic: topicName, partition: partitionNumber }

export const producedMany = z.object({
  results: z.array(z.union([z.extend(produced, at), z.object({ ...at, error: problemSchema })])),
})

export const fetchedMany = z.object({
  partitions: z.array(z.union([z.extend(fetched, at), z.object({ ...at, error: problemSchema })])),
})

export type ProducedToTopic = z.infer<typeof producedToTopic>
export type ProducedPartly = z.infer<typeof producedPartly>
export type ProducedMany = z.infer<typeof producedMany>
export type FetchedMany = z.infer<typeof fetchedMany>
