/** `npm run example:orders`: three services that share a log. Read order-service.ts, inventory.ts and notifications.ts. */
import { mkdir, rm } from "node:fs/promises"
import { dirname } from "node:path"
import type { TopicPartitions } from "stratalog"
import { caughtUp } from "../program/caught-up.ts"
import { seededRandom } from "../program/random.ts"
import { reset } from "../program/reset.ts"
import { type Run, start } from "../program/start.ts"
import { together } from "../program/together.ts"
import { keepInventory } from "./inventory.ts"
import { notifyCustomers } from "./notifications.ts"
import { takeOrders } from "./order-service.ts"
import {
  ASSORTMENT,
  createTopics,
  INVENTORY_GROUP,
  NOTICES,
  NOTIFICATION_GROUP,
  ORDERS,
  UNDELIVERABLE,
} from "./orders.ts"
import { HELP, parseSettings, type Settings } from "./settings.ts"
import { Stock } from "./stock.ts"

const roles = { all: runAll, orders: runOrders, inventory: runInventory, notifications: runNotifications }

await start({
  name: "orders",
  help: HELP,
  parse: parseSettings,
  alone: ({ role }) => role === "all",
  run: async (run) => {
    if (run.settings.reset) {
      await reset(run.log, [ORDERS, NOTICES, UNDELIVERABLE], [INVENTORY_GROUP, NOTIFICATION_GROUP])
      await rm(run.settings.database, { force: true })
    }
    await roles[run.settings.role](run, await createTopics(run.log))
  },
})

/** Ends once both services have taken in all orders. */
async function runAll(run: Run<Settings>, topicId: string): Promise<void> {
  const { log, settings, stop } = run
  const orderAll = async () => {
    await runOrders({ ...run, settings: { ...settings, count: settings.count ?? 200 } })
    for (const group of [INVENTORY_GROUP, NOTIFICATION_GROUP]) await caughtUp(log, group, ORDERS, stop.signal)
    stop.abort()
  }
  await together(stop, [orderAll(), runInventory(run, topicId), runNotifications(run)])
}

async function runOrders({ log, settings, service, stop: { signal } }: Run<Settings>): Promise<void> {
  const { count = Number.POSITIVE_INFINITY, rate: perSecond, seed = Math.floor(Math.random() * 2 ** 32) } = settings
  const taken = await takeOrders(log, { count, perSecond, random: seededRandom(seed), signal })
  console.log(`Took ${taken} orders on ${service.place} (--seed ${seed}).`)
}

async function runInventory({ log, settings, stop: { signal } }: Run<Settings>, topicId: string): Promise<void> {
  await mkdir(dirname(settings.database), { recursive: true })
  using stock = new Stock(settings.database, ASSORTMENT)
  const orders = { fresh: 0, known: 0 }
  const onBatch = (fresh: number, known: number) => {
    orders.fresh += fresh
    orders.known += known
  }
  await keepInventory(log, { stock, topicId, ...memberOf("Inventory", settings), signal, onBatch })
  console.log(`Inventory: ${orders.fresh} orders, and ${orders.known} that had been processed before.`)
  console.table(stock.all())
}

async function runNotifications({ log, settings, stop: { signal } }: Run<Settings>): Promise<void> {
  let sent = 0
  const onNotice = (text: string) => {
    sent++
    if (!settings.quiet) console.log(text)
  }
  await notifyCustomers(log, { ...memberOf("Notifications", settings), signal, onNotice })
  console.log(`Notifications: ${sent} sent.`)
}

/** How a service is a member of its group. */
function memberOf(service: string, settings: Settings) {
  return {
    instance: settings.instance,
    sessionTimeoutMs: settings["session-timeout"] * 1000,
    onAssigned: (assigned: readonly TopicPartitions[]) => {
      for (const { partitions } of assigned) console.log(`${service}: has partitions ${partitions.join(", ")}`)
    },
  }
}
