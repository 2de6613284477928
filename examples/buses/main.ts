/** `npm run example:buses`: the buses of London. Start reading at watch-stops.ts, board.ts and next-buses.ts. */
import { caughtUp } from "../program/caught-up.ts"
import { latestByKey } from "../program/latest-by-key.ts"
import { reset } from "../program/reset.ts"
import { type Run, start } from "../program/start.ts"
import { together } from "../program/together.ts"
import { ARRIVALS, BOARD_GROUP, createTopics, NEXT_BUSES, NEXT_GROUP, nextBuses } from "./arrivals.ts"
import { boardLine, printArrivals } from "./board.ts"
import { keepNextBuses, nextByStop } from "./next-buses.ts"
import { HELP, parseSettings, type Settings } from "./settings.ts"
import { type Source, sample, tfl } from "./sources.ts"
import { watchStops } from "./watch-stops.ts"

const roles = { all: runAll, watch: runWatch, board: runBoard, next: runNext }

await start({
  name: "buses",
  help: HELP,
  parse: parseSettings,
  alone: ({ role }) => role === "all",
  run: async (run) => {
    if (run.settings.reset) await reset(run.log, [ARRIVALS, NEXT_BUSES], [BOARD_GROUP, NEXT_GROUP])
    await createTopics(run.log)
    await roles[run.settings.role](run)
  },
})

/** Ends once both groups have taken in whatever was published. */
async function runAll(run: Run<Settings>): Promise<void> {
  const { log, stop } = run
  const watchAll = async () => {
    await runWatch(run)
    for (const group of [BOARD_GROUP, NEXT_GROUP]) await caughtUp(log, group, ARRIVALS, stop.signal)
    stop.abort()
  }
  await together(stop, [watchAll(), runBoard(run), runNext(run)])
}

async function runWatch({ log, settings, service, stop: { signal } }: Run<Settings>): Promise<void> {
  const source = await sourceOf(settings, signal)
  const live = source.kind === "tfl"
  const { every = live ? 30 : 0.3, rounds = live ? Number.POSITIVE_INFINITY : 10 } = settings
  console.log(`Arrivals: ${live ? "Transport for London" : "a sample in TfL's shape, generated"}; on ${service.place}`)
  const onProblem = (sentence: string) => console.error(sentence)
  const published = await watchStops(log, { source, everyMs: every * 1000, rounds, signal, onProblem })
  console.log(`Published ${published} arrivals.`)
}

async function runBoard({ log, stop: { signal } }: Run<Settings>): Promise<void> {
  await printArrivals(log, { signal, print: console.log })
}

async function runNext({ log, stop: { signal } }: Run<Settings>): Promise<void> {
  await keepNextBuses(log, signal)
  console.log("\nNext at each stop:")
  for (const arrival of nextByStop(await latestByKey(nextBuses(log)))) console.log(boardLine(arrival))
}

async function sourceOf(settings: Settings, signal: AbortSignal): Promise<Source> {
  const made = sample(Date.now())
  if (settings.source === "sample") return made
  const baseUrl = process.env["TFL_URL"] || undefined
  const appKey = process.env["TFL_APP_KEY"] || undefined
  const [timeoutMs, backoffMs] = [settings.timeout * 1000, settings["retry-pause"] * 1000]
  const options = { baseUrl, appKey, timeoutMs, backoffMs, signal }
  const live = tfl(settings.stop, options)
  if (settings.source === "live") return live
  // Nobody who is offline should wait long to learn it.
  const first = await tfl(settings.stop, { ...options, attempts: 1 }).arrivals(settings.stop[0] ?? "")
  if (first.kind === "value") return live
  console.error(`Transport for London gave ${first.reason}.`)
  return made
}
