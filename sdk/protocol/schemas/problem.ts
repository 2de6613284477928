/** Error answers (RFC 9457). */
import * as z from "zod"
import { type ErrorCode, errorKinds } from "../errors.ts"

const codes = Object.keys(errorKinds) as ErrorCode[]

export const problemSchema = z
  .looseObject({
    type: z.string().describe("Where the error is explained"),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe("What happened and what to do"),
    code: z.enum(codes),
    retryable: z.boolean().describe("Whether the same request may succeed later"),
    sideEffects: z.enum(["none", "unknown"]).describe("Whether something may have happened"),
    requestId: z.string().optional(),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .describe("The fields that were refused"),
  })
  .meta({ id: "Problem" })
