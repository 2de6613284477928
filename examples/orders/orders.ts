/** What the example writes to the log: orders, notices to customers, and what could not be sent. */
import type { Stratalog } from "stratalog"
import * as z from "zod"
import { pick } from "../program/random.ts"

export const orderSchema = z.object({
  /** Numbered from 1. */
  number: z.int().min(1),
  item: z.string().min(1),
  quantity: z.int().min(1),
  customer: z.string().min(1),
  email: z.string(),
})
export type Order = z.infer<typeof orderSchema>

export const noticeSchema = z.object({ order: z.int(), to: z.string(), text: z.string() })

export const ORDERS = "shop-orders"
export const NOTICES = "shop-notices"
export const UNDELIVERABLE = "shop-notices-undeliverable"
/** Independent of each other: each of the two groups gets all orders. */
export const INVENTORY_GROUP = "shop-inventory"
export const NOTIFICATION_GROUP = "shop-notifications"

/** The key is the item: its orders stay in order, so that who came first gets the last one. */
export function orders(log: Stratalog) {
  return log.topic(ORDERS, { value: orderSchema })
}

/** The key is the customer. */
export function notices(log: Stratalog) {
  return log.topic(NOTICES, { value: noticeSchema })
}

/** Safe to repeat. Gives the id of the topic of orders: a topic that is deleted and made anew has another. */
export async function createTopics(log: Stratalog): Promise<string> {
  await log.topics.create(NOTICES, { partitions: 2 })
  await log.topics.create(UNDELIVERABLE, { partitions: 1 })
  return (await log.topics.create(ORDERS, { partitions: 4 })).id
}

/** What the shop sells, and how many of each it has to begin with. */
export const ASSORTMENT = { teapot: 150, kettle: 80, mug: 600, "tea-towel": 300, tray: 40 } as const

const ITEMS = ["teapot", "kettle", "mug", "tea-towel", "tray"] as const satisfies (keyof typeof ASSORTMENT)[]
const CUSTOMERS = ["Ada", "Barbara", "Edsger", "Grace", "Leslie", "Tony"] as const

/** One order in fifty has an address that no mail reaches. */
export function makeUpOrder(number: number, random: () => number): Order {
  const customer = pick(CUSTOMERS, random)
  const item = pick(ITEMS, random)
  const quantity = 1 + Math.floor(random() * 4)
  const email = random() < 0.02 ? `${customer} at example` : `${customer.toLowerCase()}@example.com`
  return { number, item, quantity, customer, email }
}
