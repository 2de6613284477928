/** `npm run example:event-sourcing`: accounts that are what happened to them. Read portfolio.ts, ledger.ts, snapshots.ts. */
import { isDeepStrictEqual } from "node:util"
import { caughtUp } from "../program/caught-up.ts"
import { latestByKey } from "../program/latest-by-key.ts"
import { reset } from "../program/reset.ts"
import { type Run, start } from "../program/start.ts"
import { together } from "../program/together.ts"
import { createLedger, EVENTS, rebuild } from "./ledger.ts"
import { worth } from "./portfolio.ts"
import { loadPrices, monthName, PRICES, publishPrices, stockPrices } from "./prices.ts"
import { HELP, parseSettings, type Settings } from "./settings.ts"
import { createSnapshots, keepSnapshots, rebuildFromSnapshots, SNAPSHOT_GROUP, SNAPSHOTS } from "./snapshots.ts"
import { trade } from "./trade.ts"

const roles = { all: runAll, trade: runTrade, snapshots: runSnapshots, show: runShow }

await start({
  name: "event-sourcing",
  help: HELP,
  parse: parseSettings,
  alone: ({ role }) => role === "all",
  run: async (run) => {
    if (run.settings.reset) await reset(run.log, [EVENTS, SNAPSHOTS, PRICES], [SNAPSHOT_GROUP])
    await createLedger(run.log)
    await createSnapshots(run.log)
    await run.log.topics.create(PRICES, { partitions: 1, config: { "cleanup.policy": "compact" } })
    await roles[run.settings.role](run)
  },
})

async function runAll(run: Run<Settings>): Promise<void> {
  const { log, stop } = run
  const tradeAll = async () => {
    await runTrade(run)
    await caughtUp(log, SNAPSHOT_GROUP, EVENTS, stop.signal)
    stop.abort()
  }
  await together(stop, [tradeAll(), runSnapshots(run)])
  await runShow(run)
}

async function runTrade({ log, settings: { months }, service, stop: { signal } }: Run<Settings>): Promise<void> {
  const prices = (await loadPrices()).filter(({ month }) => month < months)
  console.log(`Published ${await publishPrices(log, prices)} prices to ${service.place}`)
  const { accepted, refused, done } = await trade(log, { prices, months, signal })
  console.log(`Commands: ${accepted} accepted, ${refused} refused, ${done} done before.`)
}

async function runSnapshots({ log, stop: { signal } }: Run<Settings>): Promise<void> {
  await keepSnapshots(log, signal)
}

/** Three ways to know what is: all events, snapshots and the events after them, the latest price of each symbol. */
async function runShow({ log }: Run<Settings>): Promise<void> {
  const prices = await latestByKey(stockPrices(log))
  const all = await rebuild(log)
  const short = await rebuildFromSnapshots(log)
  console.log(`\nFrom ${all.events} events:`)
  for (const [account, state] of [...all.accounts].sort()) {
    const shares = Object.entries(state.shares).map(([symbol, n]) => `${n} ${symbol}`)
    console.log(
      `  ${account}  ${dollars(state.cash)} and ${shares.join(", ") || "no shares"}: ${dollars(worth(state, prices))}`,
    )
  }
  const same = isDeepStrictEqual(all.accounts, short.accounts) ? "the same" : "SOMETHING ELSE"
  console.log(`From ${short.accounts.size} snapshots and ${short.events} events that had to be read: ${same}.`)
  console.log("\nThe latest price of each symbol:")
  for (const { symbol, cents, month } of prices.values()) {
    console.log(`  ${symbol.padEnd(4)}  ${dollars(cents)}  ${monthName(month)}`)
  }
}

function dollars(cents: number): string {
  return `$${(cents / 100).toFixed(2)}`.padStart(10)
}
