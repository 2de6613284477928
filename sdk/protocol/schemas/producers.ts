/** Producer ids. */
import * as z from "zod/mini"
import { described } from "./documented.ts"

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

export type InitProducerBody = z.infer<typeof initProducerBody>
export type ProducerId = z.infer<typeof producerId>
