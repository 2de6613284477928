/** The order service: takes orders. Whoever cares for them has a group of its own, and this service knows none of them. */
import type { Stratalog } from "stratalog"
import { paced } from "../program/paced.ts"
import { sendAll } from "../program/send-all.ts"
import { makeUpOrder, orders } from "./orders.ts"

export interface OrderServiceOptions {
  /** How many; Infinity: until `signal` aborts. */
  readonly count: number
  readonly perSecond: number
  readonly random: () => number
  readonly signal: AbortSignal
}

/** Gives the number of orders that are durable. They are numbered on from the last in the log. */
export async function takeOrders(log: Stratalog, options: OrderServiceOptions): Promise<number> {
  let taken = 0
  const first = (await lastNumber(log)) + 1
  await using producer = orders(log).producer()
  await sendAll(producer, records(first, options), () => taken++)
  return taken
}

async function* records(first: number, { count, perSecond, random, signal }: OrderServiceOptions) {
  for await (const order of paced(makeUpOrders(first, count, random), perSecond, signal)) {
    yield { key: order.item, value: order }
  }
}

function* makeUpOrders(first: number, count: number, random: () => number) {
  for (let number = first; number < first + count; number++) yield makeUpOrder(number, random)
}

async function lastNumber(log: Stratalog): Promise<number> {
  let last = 0
  for await (const { value } of orders(log).read()) last = Math.max(last, value.number)
  return last
}
