import type { ConsumerRecord } from "stratalog"
import { expect, it } from "vitest"
import { invoicesOf } from "../../../examples/lambda-consumer/invoices.ts"

const order = (offset: number, value: unknown, key: string | null = "c1"): ConsumerRecord => {
  return { topic: "orders", partition: 2, offset, timestamp: 0, key, value, headers: [] }
}

it("names each invoice by its order's place", () => {
  expect(invoicesOf(2, [order(7, { cents: 5 }), order(9, { cents: 0 })])).toEqual({
    invoices: [
      { key: "c1", value: { order: "2:7", cents: 5 } },
      { key: "c1", value: { order: "2:9", cents: 0 } },
    ],
    failures: [],
  })
})

it.each([["no order"], [null], [{}], [{ cents: "5" }]])("stops at what is no order: %j", (value) => {
  const { invoices, failures } = invoicesOf(2, [order(7, { cents: 5 }), order(8, value), order(9, { cents: 1 })])
  expect(invoices.map((invoice) => invoice.value.order)).toEqual(["2:7"])
  expect(failures).toEqual([{ itemIdentifier: 8 }])
})

it("stops at an order of nobody", () => {
  expect(invoicesOf(2, [order(7, { cents: 5 }, null)])).toEqual({ invoices: [], failures: [{ itemIdentifier: 7 }] })
})
