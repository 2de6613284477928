/** `npm run example:logs`: services write log lines, a tail filters and counts them. Read generate.ts and tail.ts. */
import { caughtUp } from "../program/caught-up.ts"
import { seededRandom } from "../program/random.ts"
import { reset } from "../program/reset.ts"
import { type Run, start } from "../program/start.ts"
import { together } from "../program/together.ts"
import { generate } from "./generate.ts"
import { createTopic, GROUP, TOPIC } from "./lines.ts"
import { HELP, parseSettings, type Settings } from "./settings.ts"
import { tail } from "./tail.ts"

const roles = { all: generateAndTail, generate: runGenerator, tail: runTail }

await start({
  name: "logs",
  help: HELP,
  parse: parseSettings,
  alone: ({ role }) => role === "all",
  run: async (run) => {
    if (run.settings.reset) await reset(run.log, [TOPIC], [GROUP])
    await createTopic(run.log)
    await roles[run.settings.role](run)
  },
})

/** Ends once all lines are generated and tailed. */
async function generateAndTail(run: Run<Settings>): Promise<void> {
  const { log, settings, stop } = run
  const generateAll = async () => {
    await runGenerator({ ...run, settings: { ...settings, lines: settings.lines ?? 300 } })
    await caughtUp(log, GROUP, TOPIC, stop.signal)
    stop.abort()
  }
  await together(stop, [generateAll(), runTail(run)])
}

async function runGenerator({ log, settings, stop, service }: Run<Settings>): Promise<void> {
  const { lines = Number.POSITIVE_INFINITY, rate: perSecond, seed = Math.floor(Math.random() * 2 ** 32) } = settings
  const generated = await generate(log, { lines, perSecond, random: seededRandom(seed), signal: stop.signal })
  console.log(`Generated ${generated} lines on ${service.place} (--seed ${seed}).`)
}

async function runTail({ log, settings, stop }: Run<Settings>): Promise<void> {
  const { from, ...filter } = settings
  const counts = await tail(log, { filter, from, signal: stop.signal, print: console.log })
  console.log(`Tailed: ${counts}`)
}
