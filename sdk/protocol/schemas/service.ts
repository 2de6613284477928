/** Producer ids, limits and health. */
import * as z from "zod/mini"
import { type Limits, limits } from "../limits.ts"
import { described } from "./documented.ts"
import type { count } from "./fields.ts"

export const initProducerBody = z
  .strictObject({
    id: described(z.optional(z.int().check(z.gte(0))), "A producer id that is to get its next epoch; absent: a new id"),
    epoch: described(z.optional(z.int().check(z.gte(0), z.lte(32_767))), "Its present epoch; with `id`"),
  })
  .check(
    z.refine(
      (body) => (body.id === undefined) === (body.epoch === undefined),
      "id and epoch go together: send both or neither",
    ),
  )
export const producerId = z.object({ id: z.int().check(z.gte(0)), epoch: z.int().check(z.gte(0)) })

const shape = Object.fromEntries(
  Object.entries(limits).map(([name, value]) => [
    name,
    typeof value === "boolean" ? z.boolean() : z.int().check(z.gte(0)),
  ]),
) as { [K in keyof Limits]: Limits[K] extends boolean ? z.ZodMiniBoolean : typeof count }
export const limitsSchema = z.object(shape)

export const health = z.object({ status: z.enum(["ok"]), version: z.string() })

export type InitProducerBody = z.infer<typeof initProducerBody>
export type ProducerId = z.infer<typeof producerId>
export type Health = z.infer<typeof health>
