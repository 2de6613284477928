/** Fields that many requests and answers share. */
import * as z from "zod/mini"
import { DURATION, parseDuration } from "../duration.ts"
import { limits } from "../limits.ts"
import { isReservedTopicName, LEGAL_NAME, NAME_RULE } from "../names.ts"
import { described, documented } from "./documented.ts"

/**
 * For what stands in lists of many thousands: a mistake that ends the look at its value, as a wrong type does, ends it at
 * the list too, where only the first mistake is wanted.
 */
export const ENDING = { abort: true } as const

const name = z.string().check(z.regex(LEGAL_NAME, { error: `must be ${NAME_RULE}`, ...ENDING }))
const fromZero = z.int(ENDING).check(z.gte(0, ENDING))

export const topicName = described(name, "Name of a topic")
export const newTopicName = topicName.check(
  z.refine((text) => !isReservedTopicName(text), "must not start with __: such names are reserved"),
)
export const groupName = described(name, "Name of a consumer group")

export const partitionNumber = described(
  fromZero.check(z.lte(limits.maxPartitions - 1, ENDING)),
  "Number of a partition, from 0",
)
/** Which partition. */
export const at = { topic: topicName, partition: partitionNumber }
export const offset = described(fromZero, "Position of a record in its partition, from 0")
export const timestamp = described(fromZero, "Epoch milliseconds")
export const count = z.int().check(z.gte(0))

const digits = /^\d{1,16}$/

/** A non-negative integer in a path or query. */
export const integerText = (schema: typeof count) =>
  z.pipe(z.pipe(z.string().check(z.regex(digits, "must be a whole number from 0 on")), z.transform(Number)), schema)

/** A duration in a query: `10s`, `500ms`, or milliseconds. */
export const durationText = documented(
  z.pipe(
    z.string(),
    z.transform((text, context) => {
      const milliseconds = parseDuration(text)
      if (milliseconds !== undefined) return milliseconds
      const message = "must be a duration such as 10s, 500ms, 1m, or a number of milliseconds"
      context.issues.push({ code: "custom", message, input: text })
      return z.NEVER
    }),
  ),
  { description: "A duration such as 10s, 500ms, 1m, or a number of milliseconds", pattern: DURATION.source },
)

/** A duration in a body: the same, or a JSON number of milliseconds. */
export const duration = z.union([z.int().check(z.gte(0)), durationText])

export const valueFormat = described(
  z.enum(["utf8", "json", "base64"]),
  "How bytes stand in JSON: as text, as a JSON value, or in base64",
)

export type ValueFormat = z.infer<typeof valueFormat>

export const pageQuery = {
  limit: described(
    z.optional(integerText(z.int().check(z.gte(1), z.lte(limits.maxPageSize)))),
    "The most entries of the page",
  ),
  cursor: described(z.optional(z.string().check(z.minLength(1), z.maxLength(1024))), "`nextCursor` of the page before"),
}
export const nextCursor = described(z.optional(z.string()), "Pass it as `cursor` for the next page; absent on the last")
