/** Gives the savers' commands to their accounts, month by month. */
import type { Stratalog } from "stratalog"
import { Account } from "./ledger.ts"
import type { Price } from "./prices.ts"
import { commandsOf, SAVERS } from "./savers.ts"

export interface Traded {
  readonly accepted: number
  readonly refused: number
  /** They were in the log already. */
  readonly done: number
}

export interface TradeOptions {
  readonly prices: readonly Price[]
  readonly months: number
  readonly signal: AbortSignal
}

/** Month by month, all savers at once. It may be stopped and run again, also twice at a time: each command is done once. */
export async function trade(log: Stratalog, { prices, months, signal }: TradeOptions): Promise<Traded> {
  const counts = { accepted: 0, refused: 0, done: 0 }
  const accounts = SAVERS.map((saver) => ({ saver, account: new Account(log, saver.account) }))
  for (let month = 0; month < months && !signal.aborted; month++) {
    const saving = accounts.map(async ({ saver, account }) => {
      for (const command of commandsOf(saver, month, prices)) counts[(await account.handle(command)).kind]++
    })
    await Promise.all(saving)
  }
  return counts
}
