/** Error answers (RFC 9457). */
import * as z from "zod/mini"
import { type ErrorCode, errorKinds } from "../errors.ts"
import { described, documented } from "./documented.ts"

const codes = Object.keys(errorKinds) as ErrorCode[]

export const problemSchema = documented(
  z.looseObject({
    type: described(z.string(), "Where the error is explained"),
    title: z.string(),
    status: z.int(),
    detail: described(z.string(), "What happened and what to do"),
    code: z.enum(codes),
    retryable: described(z.boolean(), "Whether the same request may succeed later"),
    sideEffects: described(z.enum(["none", "unknown"]), "Whether something may have happened"),
    requestId: z.optional(z.string()),
    errors: described(
      z.optional(z.array(z.object({ path: z.string(), message: z.string() }))),
      "The fields that were refused",
    ),
  }),
  { id: "Problem" },
)
