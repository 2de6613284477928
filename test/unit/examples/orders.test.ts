/** The orders example's stock and notices. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { noticeOf } from "../../../examples/orders/notifications.ts"
import { makeUpOrder, type Order, orderSchema } from "../../../examples/orders/orders.ts"
import { type OrderRecord, Stock } from "../../../examples/orders/stock.ts"
import { seededRandom } from "../../../examples/program/random.ts"

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "stratalog-stock-"))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const open = () => new Stock(join(directory, "stock.sqlite"), { mug: 10 })

function order(offset: number, quantity: number): OrderRecord {
  const value: Order = { number: offset + 1, item: "mug", quantity, customer: "Ada", email: "ada@example.com" }
  return { offset, value }
}

describe("the stock", () => {
  it("gives to orders what there is, and rejects those for more", () => {
    using stock = open()
    expect(stock.take("t", 0, [order(0, 4), order(1, 7), order(2, 6)])).toBe(3)
    expect(stock.all()).toEqual([{ item: "mug", left: 0, reserved: 10, rejected: 1 }])
  })

  it("counts no order twice, also after it was opened again and by another process", () => {
    {
      using stock = open()
      stock.take("t", 0, [order(0, 1), order(1, 1)])
    }
    using stock = open()
    using other = open()
    expect(stock.take("t", 0, [order(0, 1), order(1, 1), order(2, 1)])).toBe(1)
    expect(other.take("t", 0, [order(1, 1), order(2, 1)])).toBe(0)
    expect(other.take("t", 0, [])).toBe(0)
    expect(stock.all()).toEqual([{ item: "mug", left: 7, reserved: 3, rejected: 0 }])
  })

  it("knows partitions, and topics that were made anew, apart", () => {
    using stock = open()
    expect(stock.take("t", 0, [order(0, 1)])).toBe(1)
    expect(stock.take("t", 1, [order(0, 1)])).toBe(1)
    expect(stock.take("u", 0, [order(0, 1)])).toBe(1)
    expect(stock.all()[0]?.left).toBe(7)
  })

  it("takes in a batch whole or not at all", () => {
    using stock = open()
    const broken: OrderRecord = {
      offset: 1,
      get value(): Order {
        throw new Error("crashed")
      },
    }
    expect(() => stock.take("t", 0, [order(0, 1), broken])).toThrow("crashed")
    expect(stock.all()[0]?.left).toBe(10)
    expect(stock.take("t", 0, [order(0, 1)])).toBe(1)
  })
})

describe("orders", () => {
  const random = seededRandom(3)
  const orders = Array.from({ length: 1000 }, (_, index) => makeUpOrder(index + 1, random))

  it("are valid, and a few have an address that no mail reaches", () => {
    for (const made of orders) expect(orderSchema.parse(made)).toEqual(made)
    const bad = orders.filter(({ email }) => !email.includes("@"))
    expect(bad.length).toBeGreaterThan(5)
    expect(bad.length).toBeLessThan(50)
  })

  it("become a notice, unless their address is none", () => {
    const { value } = order(6, 2)
    expect(noticeOf(value)).toEqual({
      order: 7,
      to: "ada@example.com",
      text: "Dear Ada, your order 7 is here: 2 x mug.",
    })
    expect(() => noticeOf({ ...value, email: "Ada at example" })).toThrow("No mail reaches")
  })
})
