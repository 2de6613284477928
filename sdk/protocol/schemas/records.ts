/** Records in JSON, and how their bytes stand in it. */
import * as z from "zod/mini"
import { limits } from "../limits.ts"
import { described } from "./documented.ts"
import { ENDING, valueFormat } from "./fields.ts"

/** Text, null, or bytes that are no text. */
export const headerValue = z.union([z.string(), z.null(), z.strictObject({ base64: z.base64(ENDING) })])
const header = z.tuple([z.string().check(z.maxLength(32_767)), headerValue])
const ORDERED = "An ordered list of [name, value]; names may repeat"

/** Those of a stored record: a binary batch may have brought any number. */
export const headers = described(z.array(header), ORDERED)
export const headersInput = described(z.array(header).check(z.maxLength(limits.maxRecordHeaders)), ORDERED)

export const formats = {
  keyFormat: described(z.optional(valueFormat), "How keys stand in JSON; default utf8"),
  valueFormat: described(z.optional(valueFormat), "How values stand in JSON; default json"),
}

export type HeaderValue = z.infer<typeof headerValue>
