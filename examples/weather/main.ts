/** `npm run example:weather`: the weather of cities. Start reading at fetch-weather.ts, alerts.ts and dashboard.ts. */
import { caughtUp } from "../program/caught-up.ts"
import { reset } from "../program/reset.ts"
import { Screen } from "../program/screen.ts"
import { type Run, start } from "../program/start.ts"
import { together } from "../program/together.ts"
import { watchForAlerts } from "./alerts.ts"
import { showDashboard } from "./dashboard.ts"
import { fetchWeather } from "./fetch-weather.ts"
import { ALERT_GROUP, ALERTS, createTopics, DASHBOARD_GROUP, READINGS } from "./readings.ts"
import { HELP, parseSettings, type Settings } from "./settings.ts"
import { openWeather, recorded, type Source } from "./sources.ts"

const roles = { all: runAll, fetch: runFetch, alerts: runAlerts, dashboard: runDashboard }
const screen = new Screen(process.stdout)

await start({
  name: "weather",
  help: HELP,
  parse: parseSettings,
  alone: ({ role }) => role === "all",
  run: async (run) => {
    if (run.settings.reset) await reset(run.log, [READINGS, ALERTS], [ALERT_GROUP, DASHBOARD_GROUP])
    await createTopics(run.log)
    await roles[run.settings.role](run)
  },
})

/** Ends once both groups have taken in whatever was fetched. */
async function runAll(run: Run<Settings>): Promise<void> {
  const { log, stop } = run
  const fetchAll = async () => {
    await runFetch(run)
    for (const group of [ALERT_GROUP, DASHBOARD_GROUP]) await caughtUp(log, group, READINGS, stop.signal)
    stop.abort()
  }
  await together(stop, [fetchAll(), runAlerts(run), runDashboard(run)])
}

async function runFetch({ log, settings, service, stop: { signal } }: Run<Settings>): Promise<void> {
  const source = await sourceOf(settings, signal)
  const { every = source.live ? 60 : 0.02, rounds = source.live ? Number.POSITIVE_INFINITY : 140 } = settings
  const onProblem = (sentence: string) => screen.note(sentence)
  const published = await fetchWeather(log, { source, everyMs: every * 1000, rounds, signal, onProblem })
  screen.print(`Published ${published} readings from ${source.name} to ${service.place}`)
}

async function sourceOf(settings: Settings, signal: AbortSignal): Promise<Source> {
  const apiKey = process.env["OPENWEATHER_API_KEY"] || undefined
  const kind = settings.source ?? (apiKey === undefined ? "recorded" : "live")
  if (kind === "recorded") return recorded(settings["first-day"])
  if (apiKey === undefined) throw new Error("Live weather needs a key of openweathermap.org in OPENWEATHER_API_KEY.")
  const baseUrl = process.env["OPENWEATHER_URL"] || undefined
  const [timeoutMs, backoffMs] = [settings.timeout * 1000, settings["retry-pause"] * 1000]
  return openWeather(settings.city, { apiKey, baseUrl, timeoutMs, backoffMs, signal })
}

async function runAlerts({ log, settings: thresholds, stop }: Run<Settings>): Promise<void> {
  await watchForAlerts(log, {
    thresholds,
    signal: stop.signal,
    onAlert: ({ kind, city, celsius, time }) =>
      screen.print(screen.paint(kind === "hot" ? "red" : "blue", `${time} ${city}: ${celsius.toFixed(1)} °C, ${kind}`)),
  })
}

async function runDashboard({ log, stop }: Run<Settings>): Promise<void> {
  const onChange = (dashboard: { lines(): readonly string[] }) => screen.draw(dashboard.lines())
  const dashboard = await showDashboard(log, { signal: stop.signal, onChange })
  screen.finish(dashboard.lines())
}
