/** Producer ids, limits and health. */
import * as z from "zod"
import { type Limits, limits } from "../limits.ts"

export const initProducerBody = z
  .strictObject({
    id: z.int().min(0).optional().describe("A producer id that is to get its next epoch; absent: a new id"),
    epoch: z.int().min(0).max(32_767).optional().describe("Its present epoch; with `id`"),
  })
  .refine(
    (body) => (body.id === undefined) === (body.epoch === undefined),
    "id and epoch go together: send both or neither",
  )
export const producerId = z.object({ id: z.int().min(0), epoch: z.int().min(0) })

const shape = Object.fromEntries(
  Object.entries(limits).map(([name, value]) => [name, typeof value === "boolean" ? z.boolean() : z.int().min(0)]),
) as { [K in keyof Limits]: Limits[K] extends boolean ? z.ZodBoolean : z.ZodInt }
export const limitsSchema = z.object(shape)

export const health = z.object({ status: z.enum(["ok"]), version: z.string() })

export type InitProducerBody = z.infer<typeof initProducerBody>
export type ProducerId = z.infer<typeof producerId>
export type Health = z.infer<typeof health>
