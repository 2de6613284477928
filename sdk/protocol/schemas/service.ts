/** Limits and health. */
import * as z from "zod/mini"
import { type Limits, limits } from "../limits.ts"
import type { count } from "./fields.ts"

const shape = Object.fromEntries(
  Object.entries(limits).map(([name, value]) => [
    name,
    typeof value === "boolean" ? z.boolean() : z.int().check(z.gte(0)),
  ]),
) as { [K in keyof Limits]: Limits[K] extends boolean ? z.ZodMiniBoolean : typeof count }
export const limitsSchema = z.object(shape)

export const health = z.object({ status: z.enum(["ok"]), version: z.string() })

export type Health = z.infer<typeof health>
