/** The orders example: services that are killed at random, and an inventory that is exact all the same. */
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { describe, expect, it } from "vitest"
import {
  ASSORTMENT,
  createTopics,
  INVENTORY_GROUP,
  NOTIFICATION_GROUP,
  notices,
  ORDERS,
  orders,
  UNDELIVERABLE,
} from "../../examples/orders/orders.ts"
import { Stock, type StockOf } from "../../examples/orders/stock.ts"
import { caughtUp } from "../../examples/program/caught-up.ts"
import { pick, seededRandom } from "../../examples/program/random.ts"
import { type ExampleServer, recordsOf, startExampleServer } from "./example-server.ts"

const never = new AbortController().signal

/** What the stock has to be: each order in the log, once, in the order of its partition. */
async function expectedStock({ log }: ExampleServer): Promise<StockOf[]> {
  const stock = new Map(
    Object.entries(ASSORTMENT).map(([item, left]) => [item, { item, left, reserved: 0, rejected: 0 }]),
  )
  for (const { value } of await recordsOf(orders(log))) {
    const of = stock.get(value.item)
    if (of === undefined) throw new Error(`The log has an order for ${value.item}.`)
    if (of.left < value.quantity) of.rejected++
    else {
      of.left -= value.quantity
      of.reserved += value.quantity
    }
  }
  return [...stock.values()].sort((a, b) => (a.item < b.item ? -1 : 1))
}

/** Everybody was told, or is among those who could not be. */
async function expectAllTold({ log }: ExampleServer): Promise<{ readonly twice: number }> {
  const placed = (await recordsOf(orders(log))).map(({ value }) => value)
  const told = (await recordsOf(notices(log))).map(({ value }) => value.order)
  const undeliverable = await recordsOf(log.topic(UNDELIVERABLE))
  const reachable = placed.filter(({ email }) => email.includes("@")).map(({ number }) => number)
  expect(new Set(told)).toEqual(new Set(reachable))
  const others = placed.filter(({ email }) => !email.includes("@"))
  const numbers = undeliverable.map(({ value }) => Object(value).number)
  expect(new Set(numbers)).toEqual(new Set(others.map(({ number }) => number)))
  for (const { headers } of undeliverable) expect(JSON.stringify(headers)).toContain("No mail reaches")
  return { twice: told.length - reachable.length }
}

describe("example:orders", { timeout: 240_000 }, () => {
  it("takes orders off the stock and tells customers, each service at its own pace", async () => {
    await using server = await startExampleServer()
    const args = ["--count", "150", "--rate", "max", "--seed", "1", "--database", "stock.sqlite"]
    const { code, output } = await server.processes.start("orders", args, { STRATALOG_URL: server.url }).ended
    expect(output).toContain("Took 150 orders")
    expect(output).toContain("Inventory: 150 orders, and 0 that had been processed before.")
    expect(code).toBe(0)
    using stock = new Stock(join(server.directory, "stock.sqlite"), ASSORTMENT)
    expect(stock.all()).toEqual(await expectedStock(server))
    expect(await expectAllTold(server)).toEqual({ twice: 0 })
  })

  it("keeps the inventory exact though its services are killed at random", async () => {
    const seed = Number(process.env["STRATALOG_SEED"] ?? Math.floor(Math.random() * 2 ** 32))
    console.log(`seed ${seed}: repeat with STRATALOG_SEED=${seed}`)
    const random = seededRandom(seed)
    await using server = await startExampleServer()
    const { log, processes } = server
    const env = { STRATALOG_URL: server.url }
    await createTopics(log)
    using stock = new Stock(join(server.directory, "stock.sqlite"), ASSORTMENT)

    const services = ["inventory-1", "inventory-2", "notifications-1"] as const
    const start = (instance: string) => {
      const [role = ""] = instance.split("-")
      const args = ["--instance", instance, "--database", "stock.sqlite", "--session-timeout", "60", "--quiet"]
      return processes.start("orders", [role, ...args], env)
    }
    const running = new Map(services.map((name) => [name, start(name)]))
    const count = 300
    const ordering = processes.start(
      "orders",
      ["orders", "--count", String(count), "--rate", "100", "--seed", "5"],
      env,
    )

    const kills = 4
    const processed = async () =>
      (
        await log
          .group(INVENTORY_GROUP)
          .committed()
          .catch(() => [])
      ).reduce((sum, { offset }) => sum + offset, 0)
    for (let kill = 0; kill < kills; kill++) {
      const threshold = Math.floor(((kill + random()) * count) / (kills + 1))
      await expect.poll(processed, { timeout: 60_000, interval: 20 }).toBeGreaterThanOrEqual(threshold)
      const victim = pick(services, random)
      const service = running.get(victim)
      service?.child.kill("SIGKILL")
      await service?.ended
      running.set(victim, start(victim))
    }
    expect((await ordering.ended).output).toContain(`Took ${count} orders`)
    for (const group of [INVENTORY_GROUP, NOTIFICATION_GROUP]) await caughtUp(log, group, ORDERS, never)
    // Whoever was started again last may be about to join.
    for (const { printed } of running.values()) await printed("has partitions")
    for (const { child } of running.values()) child.kill("SIGINT")
    for (const { ended } of running.values()) expect(await ended).toMatchObject({ code: 0 })
    expect(stock.all()).toEqual(await expectedStock(server))
    await expectAllTold(server)
  })

  it("counts no order twice where a service wakes up after others took its place", async () => {
    await using server = await startExampleServer()
    const { log, processes } = server
    const env = { STRATALOG_URL: server.url }
    const path = join(server.directory, "stock.sqlite")
    const take = (count: number) =>
      processes.start("orders", ["orders", "--count", String(count), "--rate", "50", "--seed", "6"], env).ended
    const start = async () => {
      const service = processes.start("orders", ["inventory", "--database", path, "--session-timeout", "2"], env)
      await service.printed("has partitions")
      return service
    }
    const sleeper = await start()
    const first = await take(50)
    expect(first.output).toContain("Took 50 orders")
    await caughtUp(log, INVENTORY_GROUP, ORDERS, never)

    // While the stock is locked the service has orders in hand that it cannot write down. There it falls asleep.
    using lock = new DatabaseSync(path, { timeout: 30_000 })
    lock.exec("BEGIN IMMEDIATE")
    await take(50)
    sleeper.child.kill("SIGSTOP")
    lock.exec("ROLLBACK")

    const other = await start()
    await caughtUp(log, INVENTORY_GROUP, ORDERS, never)
    sleeper.child.kill("SIGCONT")
    await take(50)
    await caughtUp(log, INVENTORY_GROUP, ORDERS, never)
    for (const { child } of [sleeper, other]) child.kill("SIGINT")
    const ends = await Promise.all([sleeper.ended, other.ended])
    expect(ends.map(({ code }) => code)).toEqual([0, 0])
    using stock = new Stock(path, ASSORTMENT)
    expect(stock.all()).toEqual(await expectedStock(server))
    expect(ends[0].output).toMatch(/Inventory: \d+ orders, and [1-9]\d* that had been processed before/)
  })
})
