/** The event-sourcing example: accounts that are rebuilt from their events, and snapshots that lead to the same. */
import { describe, expect, it } from "vitest"
import { Account, accountEvents, createLedger, rebuild } from "../../examples/event-sourcing/ledger.ts"
import { loadPrices, PRICES, publishPrices, stockPrices } from "../../examples/event-sourcing/prices.ts"
import { rebuildFromSnapshots } from "../../examples/event-sourcing/snapshots.ts"
import { trade } from "../../examples/event-sourcing/trade.ts"
import { latestByKey } from "../../examples/program/latest-by-key.ts"
import { recordsOf, startExampleServer } from "./example-server.ts"

const never = new AbortController().signal

describe("the ledger", () => {
  it("does each command once, though several give it at the same time", async () => {
    await using server = await startExampleServer()
    const { log } = server
    await createLedger(log)
    const users = Array.from({ length: 4 }, () => new Account(log, "alma"))
    const outcomes = new Map<string, number>()
    for (let number = 1; number <= 10; number++) {
      const decisions = await Promise.all(users.map((user) => user.handle({ number, type: "deposit", amount: 5 })))
      for (const { kind } of decisions) outcomes.set(kind, (outcomes.get(kind) ?? 0) + 1)
    }
    expect(Object.fromEntries(outcomes)).toEqual({ accepted: 10, done: 30 })
    const { accounts, events } = await rebuild(log)
    expect(events).toBe(10)
    expect(accounts.get("alma")).toEqual({ cash: 50, shares: {}, events: 10, command: 10 })
  })

  it("goes on where a run before it was stopped", async () => {
    await using server = await startExampleServer()
    const { log } = server
    await createLedger(log)
    const prices = await loadPrices()
    const first = await trade(log, { prices, months: 6, signal: never })
    const second = await trade(log, { prices, months: 12, signal: never })
    expect(second.done).toBeGreaterThanOrEqual(first.accepted)
    const { accounts, events } = await rebuild(log)
    expect(events).toBe(first.accepted + second.accepted)
    for (const account of accounts.values()) expect(account.cash).toBeGreaterThanOrEqual(0)
    const numbers = new Map<string, number>()
    for await (const { key, value } of accountEvents(log).read()) {
      expect(value.command).toBeGreaterThan(numbers.get(key) ?? 0)
      numbers.set(key, value.command)
    }
  })
})

describe("the compacted topic", () => {
  it("gives the latest of each key, before compaction and after it", async () => {
    await using server = await startExampleServer({ upkeepIntervalMs: 50 })
    const { log } = server
    await log.topics.create(PRICES, { partitions: 1, config: { "cleanup.policy": "compact" } })
    const prices = await loadPrices()
    expect(await publishPrices(log, prices)).toBe(560)
    expect(await publishPrices(log, prices)).toBe(0)
    const latest = new Map(prices.map((price) => [price.symbol, price]))
    expect(await latestByKey(stockPrices(log))).toEqual(latest)
    const count = async () => (await recordsOf(stockPrices(log))).length
    await expect.poll(count, { timeout: 30_000 }).toBeLessThan(560)
    expect(await latestByKey(stockPrices(log))).toEqual(latest)
  })
})

describe("example:event-sourcing", { timeout: 240_000 }, () => {
  it("rebuilds the accounts from their events, and from snapshots and the few events after them", async () => {
    await using server = await startExampleServer()
    const { log, processes } = server
    const args = ["--months", "12"]
    const first = await processes.start("event-sourcing", args, { STRATALOG_URL: server.url }).ended
    const { accounts, events } = await rebuild(log)
    expect(first.output).toContain(`From ${events} events:`)
    expect(first.output).toMatch(/From 4 snapshots and \d+ events that had to be read: the same\./)
    expect(first.output).toMatch(/^ {2}IBM +\$76\.47 {2}2000-12$/m)
    expect(first.code).toBe(0)

    const again = await processes.start("event-sourcing", args, { STRATALOG_URL: server.url }).ended
    expect(again.output).toContain("Commands: 0 accepted")
    expect(await rebuild(log)).toEqual({ accounts, events })

    // Nobody keeps snapshots of these.
    await trade(log, { prices: await loadPrices(), months: 14, signal: never })
    const all = await rebuild(log)
    const short = await rebuildFromSnapshots(log)
    expect(all.events).toBeGreaterThan(events)
    expect(short.accounts).toEqual(all.accounts)
    expect(short.events).toBeLessThan(all.events / 2)
  })

  it("runs on a server of its own", async () => {
    await using server = await startExampleServer()
    const { code, output } = await server.processes.start("event-sourcing", ["--months", "2"]).ended
    expect(output).toContain("data in .stratalog-example/event-sourcing/")
    expect(output).toContain(": the same.")
    expect(code).toBe(0)
  })
})
