/** The event-sourcing example's pure parts. */
import { describe, expect, it } from "vitest"
import { type AccountEvent, decide, EMPTY, evolve, worth } from "../../../examples/event-sourcing/portfolio.ts"
import { loadPrices, monthName, parsePrices } from "../../../examples/event-sourcing/prices.ts"
import { commandsOf } from "../../../examples/event-sourcing/savers.ts"

const deposited: AccountEvent = { type: "deposited", command: 1, amount: 1000 }
const bought: AccountEvent = { type: "bought", command: 2, symbol: "IBM", shares: 3, price: 300 }
const sold: AccountEvent = { type: "sold", command: 3, symbol: "IBM", shares: 1, price: 500 }
const state = [deposited, bought, sold].reduce(evolve, EMPTY)

describe("the state", () => {
  it("follows from the events", () => {
    expect(state).toEqual({ cash: 600, shares: { IBM: 2 }, events: 3, command: 3 })
    expect(EMPTY).toEqual({ cash: 0, shares: {}, events: 0, command: 0 })
  })

  it("is worth its cash and its shares at the latest price", () => {
    expect(worth(state, new Map([["IBM", { cents: 700 }]]))).toBe(2000)
    expect(worth(state, new Map())).toBe(600)
  })
})

describe("a command", () => {
  it("is accepted where the state allows it", () => {
    expect(decide(state, { number: 4, type: "deposit", amount: 5 })).toEqual({
      kind: "accepted",
      event: { type: "deposited", command: 4, amount: 5 },
    })
    expect(decide(state, { number: 4, type: "invest", symbol: "AAPL", price: 250 })).toEqual({
      kind: "accepted",
      event: { type: "bought", command: 4, symbol: "AAPL", shares: 2, price: 250 },
    })
    expect(decide(state, { number: 4, type: "sell", symbol: "IBM", shares: 2, price: 1 })).toMatchObject({
      kind: "accepted",
    })
  })

  it("is refused where money or shares are missing", () => {
    expect(decide(state, { number: 4, type: "invest", symbol: "GOOG", price: 601 })).toMatchObject({ kind: "refused" })
    expect(decide(state, { number: 4, type: "sell", symbol: "IBM", shares: 3, price: 1 })).toMatchObject({
      kind: "refused",
    })
  })

  it("changes nothing where it is done already", () => {
    expect(decide(state, { number: 3, type: "deposit", amount: 5 })).toEqual({ kind: "done" })
  })

  it("never takes cash or shares below nothing", async () => {
    const prices = await loadPrices()
    let saver = EMPTY
    for (let month = 0; month < 123; month++) {
      for (const command of commandsOf({ account: "a", symbol: "GOOG", monthly: 10_000 }, month, prices)) {
        const decision = decide(saver, command)
        if (decision.kind === "accepted") saver = evolve(saver, decision.event)
        expect(saver.cash).toBeGreaterThanOrEqual(0)
      }
    }
    expect(saver.shares["GOOG"]).toBeGreaterThan(0)
  })
})

describe("the prices", () => {
  it("are those of five shares, in order of time", async () => {
    const prices = await loadPrices()
    expect(prices).toHaveLength(560)
    expect(prices[0]).toEqual({ symbol: "MSFT", month: 0, cents: 3981 })
    expect(prices.at(-1)).toEqual({ symbol: "AAPL", month: 122, cents: 22302 })
    expect(prices.map(({ month }) => month)).toEqual(prices.map(({ month }) => month).toSorted((a, b) => a - b))
  })

  it("are refused where a line is not what it should be", () => {
    expect(() => parsePrices("heading\nIBM,Foo 1 2000,1")).toThrow()
    expect(() => parsePrices("heading\nIBM,Jan 1 2000,much")).toThrow()
  })

  it("have months with names", () => {
    expect([0, 55, 122].map(monthName)).toEqual(["2000-01", "2004-08", "2010-03"])
  })
})

it("a saver invests once the share has a price", async () => {
  const prices = await loadPrices()
  const saver = { account: "cleo", symbol: "GOOG", monthly: 100 }
  expect(commandsOf(saver, 0, prices).map(({ type }) => type)).toEqual(["deposit"])
  expect(commandsOf(saver, 55, prices)).toEqual([
    { number: 111, type: "deposit", amount: 100 },
    { number: 112, type: "invest", symbol: "GOOG", price: 10237 },
  ])
})
