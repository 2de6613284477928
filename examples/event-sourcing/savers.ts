/** Savers who put the same sum into shares each month. Pure: a saver, a month and its prices in, commands out. */
import type { Command } from "./portfolio.ts"
import type { Price } from "./prices.ts"

export interface Saver {
  readonly account: string
  readonly symbol: string
  /** Cents a month. */
  readonly monthly: number
}

export const SAVERS: readonly Saver[] = [
  { account: "alma", symbol: "AAPL", monthly: 100_00 },
  { account: "bert", symbol: "AMZN", monthly: 100_00 },
  { account: "cleo", symbol: "GOOG", monthly: 100_00 },
  { account: "dirk", symbol: "IBM", monthly: 250_00 },
]

/** Two a month, numbered through; only the first where the share has no price yet. */
export function commandsOf({ symbol, monthly }: Saver, month: number, prices: readonly Price[]): readonly Command[] {
  const price = prices.find((one) => one.symbol === symbol && one.month === month)?.cents
  const deposit = { number: 2 * month + 1, type: "deposit", amount: monthly } as const
  if (price === undefined) return [deposit]
  return [deposit, { number: 2 * month + 2, type: "invest", symbol, price }]
}
