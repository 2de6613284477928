/** The roles: publish readings, watch them, or both at once. */
import type { Stratalog } from "stratalog"
import { paced } from "../program/paced.ts"
import { reset } from "../program/reset.ts"
import type { Context } from "./context.ts"
import { liveReadings } from "./live.ts"
import { isNew, newestTimes, produce } from "./produce.ts"
import { createTopics, GROUP, type Reading, temperatureAlerts, temperatures } from "./readings.ts"
import { loadReadings } from "./sensors.ts"
import { View } from "./view.ts"
import { watch } from "./watch.ts"

export async function runProducer(context: Context): Promise<void> {
  const log = await open(context)
  const { screen } = context
  let published = 0
  const line = () => [`${published} readings published to ${context.service.place}`]
  await produce(log, sourceOf(log, context, context.stop.signal), () => {
    published++
    screen.draw(line())
  })
  screen.finish(line())
}

export async function runConsumer(context: Context): Promise<void> {
  const log = await open(context)
  const view = await View.open(log, context)
  await view.during(() => watchOnce(log, context, view, true, context.stop.signal))
}

/** Follows while readings are published, then reads to the end. Where one of the two ends, so does the other. */
export async function runBoth(context: Context): Promise<void> {
  const log = await open(context)
  const view = await View.open(log, context)
  const stop = context.stop.signal
  const published = new AbortController()
  const watched = new AbortController()
  const publish = async () => produce(log, sourceOf(log, context, AbortSignal.any([stop, watched.signal])))
  const follow = async () => watchOnce(log, context, view, true, AbortSignal.any([stop, published.signal]))
  await view.during(async () => {
    await Promise.all([publish().finally(() => published.abort()), follow().finally(() => watched.abort())])
    if (!stop.aborted) await watchOnce(log, context, view, false, stop)
  })
}

async function open({ log, settings }: Context): Promise<Stratalog> {
  if (settings.reset) await reset(log, [temperatures(log).name, temperatureAlerts(log).name], [GROUP])
  await createTopics(log)
  return log
}

async function watchOnce(
  log: Stratalog,
  { settings, stop }: Context,
  view: View,
  follow: boolean,
  signal: AbortSignal,
): Promise<void> {
  await watch(log, {
    thresholds: settings,
    follow,
    signal,
    onReading: (record, alert) => {
      view.processed(record, alert)
      if (view.processedNow >= settings["stop-after"]) stop.abort()
    },
  })
}

/** The readings that are not in the log yet. */
async function* sourceOf(log: Stratalog, context: Context, signal: AbortSignal): AsyncGenerator<Reading> {
  const { settings, apiKey, screen } = context
  const newest = new Map(await newestTimes(log))
  const source = settings.source ?? (apiKey === undefined ? "replay" : "live")
  if (source === "replay") {
    const readings = await loadReadings()
    yield* paced(
      readings.filter((reading) => isNew(reading, newest)),
      settings.speed,
      signal,
    )
    return
  }
  if (apiKey === undefined) throw new Error("Live readings need a key of openweathermap.org in OPENWEATHER_API_KEY.")
  const { city: cities, every } = settings
  const onProblem = (sentence: string) => screen.note(sentence)
  for await (const reading of liveReadings({ apiKey, cities, everyMs: every * 1000, signal, onProblem })) {
    // OpenWeather measures every ten minutes or so: most rounds bring nothing new.
    if (!isNew(reading, newest)) continue
    newest.set(reading.sensor, reading.time)
    yield reading
  }
}
