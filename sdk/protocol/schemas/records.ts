/** Records in JSON, and how their bytes stand in it. */
import * as z from "zod/mini"
import { described } from "./documented.ts"
import { valueFormat } from "./fields.ts"

/** Text, null, or bytes that are no text. */
export const headerValue = z.union([z.string(), z.null(), z.strictObject({ base64: z.base64() })])
export const headers = described(
  z.array(z.tuple([z.string().check(z.maxLength(32_767)), headerValue])),
  "An ordered list of [name, value]; names may repeat",
)

export const formats = {
  keyFormat: described(z.optional(valueFormat), "How keys stand in JSON; default utf8"),
  valueFormat: described(z.optional(valueFormat), "How values stand in JSON; default json"),
}

export type HeaderValue = z.infer<typeof headerValue>
