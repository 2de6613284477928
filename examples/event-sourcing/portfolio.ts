/** An account that buys shares. Pure: what happened gives the state, and the state decides what may happen next. */
import * as z from "zod"

const amount = z.int().min(1)
const shares = z.int().min(1)

/** What happened. Amounts are in cents; `command` numbers what the owner of the account asked for, from 1. */
export const eventSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("deposited"), command: z.int(), amount }),
  z.object({ type: z.literal("bought"), command: z.int(), symbol: z.string(), shares, price: amount }),
  z.object({ type: z.literal("sold"), command: z.int(), symbol: z.string(), shares, price: amount }),
])
export type AccountEvent = z.infer<typeof eventSchema>

/** What follows from it. */
export const portfolioSchema = z.object({
  cash: z.int(),
  shares: z.record(z.string(), z.int()),
  events: z.int(),
  /** The last command that is done. */
  command: z.int(),
})
export type Portfolio = z.infer<typeof portfolioSchema>

export const EMPTY: Portfolio = { cash: 0, shares: {}, events: 0, command: 0 }

/** The state after one more event. */
export function evolve(state: Portfolio, event: AccountEvent): Portfolio {
  const { events, shares } = state
  const after = { ...state, events: events + 1, command: event.command }
  if (event.type === "deposited") return { ...after, cash: state.cash + event.amount }
  const owned = shares[event.symbol] ?? 0
  const value = event.shares * event.price
  return event.type === "bought"
    ? { ...after, cash: state.cash - value, shares: { ...shares, [event.symbol]: owned + event.shares } }
    : { ...after, cash: state.cash + value, shares: { ...shares, [event.symbol]: owned - event.shares } }
}

/** What somebody asks for. */
export type Command = { readonly number: number } & (
  | { readonly type: "deposit"; readonly amount: number }
  /** As many shares as the cash pays for. */
  | { readonly type: "invest"; readonly symbol: string; readonly price: number }
  | { readonly type: "sell"; readonly symbol: string; readonly shares: number; readonly price: number }
)

export type Decision =
  | { readonly kind: "accepted"; readonly event: AccountEvent }
  | { readonly kind: "refused"; readonly reason: string }
  /** It is in the log already: a command that is repeated changes nothing. */
  | { readonly kind: "done" }

export function decide(state: Portfolio, command: Command): Decision {
  const { number } = command
  if (number <= state.command) return { kind: "done" }
  if (command.type === "deposit") {
    return accepted({ type: "deposited", command: number, amount: command.amount })
  }
  const { symbol, price } = command
  if (command.type === "invest") {
    const shares = Math.floor(state.cash / price)
    if (shares === 0) return { kind: "refused", reason: `${state.cash} cents buy no share of ${symbol} at ${price}.` }
    return accepted({ type: "bought", command: number, symbol, shares, price })
  }
  const owned = state.shares[symbol] ?? 0
  if (command.shares > owned) return { kind: "refused", reason: `There are ${owned} shares of ${symbol}.` }
  return accepted({ type: "sold", command: number, symbol, shares: command.shares, price })
}

function accepted(event: AccountEvent): Decision {
  return { kind: "accepted", event }
}

/** What all of it is worth, in cents. */
export function worth({ cash, shares }: Portfolio, prices: ReadonlyMap<string, { readonly cents: number }>): number {
  return Object.entries(shares).reduce((sum, [symbol, n]) => sum + n * (prices.get(symbol)?.cents ?? 0), cash)
}
