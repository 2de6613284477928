/** Answers of calls that write to many partitions: each result is a success or a problem. */
import * as z from "zod"
import { partitionNumber, topicName } from "./fields.ts"
import { problemSchema } from "./problem.ts"
import { fetched, produced } from "./records.ts"

/** The records of one request that went to one partition; `records` says which (positions in the request). */
export const producedToTopic = z.object({
  results: z.array(produced.extend({ records: z.array(z.int().min(0)).optional() })),
})

export const producedPartly = z.object({
  results: z.array(
    z.union([
      produced.extend({ records: z.array(z.int().min(0)).optional() }),
      z.object({
        partition: partitionNumber,
        records: z.array(z.int().min(0)).optional(),
        error: problemSchema,
      }),
    ]),
  ),
})

const at = { topic: topicName, partition: partitionNumber }

export const producedMany = z.object({
  results: z.array(z.union([produced.extend(at), z.object({ ...at, error: problemSchema })])),
})

export const fetchedMany = z.object({
  partitions: z.array(z.union([fetched.extend(at), z.object({ ...at, error: problemSchema })])),
})

export type ProducedToTopic = z.infer<typeof producedToTopic>
export type ProducedPartly = z.infer<typeof producedPartly>
export type ProducedMany = z.infer<typeof producedMany>
export type FetchedMany = z.infer<typeof fetchedMany>
