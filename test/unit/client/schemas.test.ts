import { type } from "arktype"
import { SchemaError, Stratalog, type Topic } from "stratalog"
import * as v from "valibot"
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from "vitest"
import * as z from "zod"
import { type ClientUnderTest, openClient } from "../../fakes/client-under-test.ts"

let client: ClientUnderTest

beforeAll(async () => {
  client = await openClient()
  await client.log.topics.create("orders")
})

afterAll(() => client.close())

const schemas = {
  zod: z.object({ qty: z.number() }),
  valibot: v.object({ qty: v.number() }),
  arktype: type({ qty: "number" }),
}

describe.each(Object.entries(schemas))("values with a schema of %s", (_, value) => {
  it("are checked when they are produced", async () => {
    const orders = client.log.topic("orders", { value })
    await orders.produce({ value: { qty: 2 } })
    const wrong = { qty: "two" } as unknown as { qty: number }
    for (const send of [() => orders.produce({ value: wrong }), () => orders.producer().send({ value: wrong })]) {
      const failure = await send().catch((error: unknown) => error)
      expect(failure).toBeInstanceOf(SchemaError)
      expect(failure).toMatchObject({
        topic: "orders",
        part: "value",
        issues: [expect.anything()],
        sideEffects: "none",
      })
    }
  })

  it("are checked when they are read", async () => {
    await client.log.topic("orders").produce({ value: { qty: "three" } })
    const failure = await client.log
      .topic("orders", { value })
      .fetch(0, { tail: 1 })
      .catch((error: unknown) => error)
    expect(failure).toMatchObject({ name: "SchemaError", partition: 0, offset: expect.any(Number) })
  })

  it("have no tombstones unless the schema has null", async () => {
    await client.log.topic("orders").produce({ key: "a", value: null })
    await expect(client.log.topic("orders", { value }).fetch(0, { tail: 1 })).rejects.toBeInstanceOf(SchemaError)
  })
})

it("what a schema makes of a value is read, what was given is stored", async () => {
  await client.log.topics.create("dated")
  const dated = client.log.topic("dated", { value: z.object({ at: z.coerce.date() }), key: z.string().min(1) })
  await dated.produce({ key: "k", value: { at: new Date(0) } })
  expect((await dated.fetch(0)).records[0]?.value).toEqual({ at: new Date(0) })
  const plain = await client.log.topic("dated").fetch(0)
  expect(plain.records[0]?.value).toEqual({ at: "1970-01-01T00:00:00.000Z" })
})

it("TypeScript infers keys and values", () => {
  const log = new Stratalog({ url: "http://service.test" })
  expectTypeOf(log.topic("t")).toEqualTypeOf<Topic<string | null, unknown>>()
  expectTypeOf(log.topic("t", { valueFormat: "bytes", keyFormat: "json" })).toEqualTypeOf<
    Topic<unknown, Uint8Array | null>
  >()
  const typed = log.topic("t", { key: z.string(), value: z.object({ at: z.coerce.date() }) })
  expectTypeOf(typed).toEqualTypeOf<Topic<string, { at: Date }, string, { at: unknown }>>()
  // @ts-expect-error a key is needed where the schema takes no null
  void (() => typed.produce({ value: { at: 1 } }))
})
