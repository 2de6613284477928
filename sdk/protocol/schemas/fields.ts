/** Fields that many requests and answers share. */
import * as z from "zod"
import { DURATION, parseDuration } from "../duration.ts"
import { limits } from "../limits.ts"
import { isReservedTopicName, LEGAL_NAME, NAME_RULE } from "../names.ts"

const name = z.string().regex(LEGAL_NAME, `must be ${NAME_RULE}`)

export const topicName = name.describe("Name of a topic")
export const newTopicName = topicName.refine(
  (text) => !isReservedTopicName(text),
  "must not start with __: such names are reserved",
)
export const groupName = name.describe("Name of a consumer group")

export const partitionNumber = z
  .int()
  .min(0)
  .max(limits.maxPartitions - 1)
  .describe("Number of a partition, from 0")
export const offset = z.int().min(0).describe("Position of a record in its partition, from 0")
export const timestamp = z.int().min(0).describe("Epoch milliseconds")
export const count = z.int().min(0)

const digits = /^\d{1,16}$/

/** A non-negative integer in a path or query. */
export const integerText = (schema: z.ZodInt) =>
  z.string().regex(digits, "must be a whole number from 0 on").transform(Number).pipe(schema)

/** A duration in a query: `10s`, `500ms`, or milliseconds. */
export const durationText = z
  .string()
  .transform((text, context) => {
    const milliseconds = parseDuration(text)
    if (milliseconds !== undefined) return milliseconds
    context.addIssue("must be a duration such as 10s, 500ms, 1m, or a number of milliseconds")
    return z.NEVER
  })
  .meta({ description: "A duration such as 10s, 500ms, 1m, or a number of milliseconds", pattern: DURATION.source })

/** A duration in a body: the same, or a JSON number of milliseconds. */
export const duration = z.union([z.int().min(0), durationText])

export const valueFormat = z
  .enum(["utf8", "json", "base64"])
  .describe("How bytes stand in JSON: as text, as a JSON value, or in base64")

export type ValueFormat = z.infer<typeof valueFormat>

export const pageQuery = {
  limit: integerText(z.int().min(1).max(limits.maxPageSize)).optional().describe("The most entries of the page"),
  cursor: z.string().min(1).max(1024).optional().describe("`nextCursor` of the page before"),
}
export const nextCursor = z.string().optional().describe("Pass it as `cursor` for the next page; absent on the last")
