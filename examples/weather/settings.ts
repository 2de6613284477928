/** The command line of the example. */
import * as z from "zod"
import { type ParsedSettings, parseCommandLine } from "../program/command-line.ts"

export const HELP = `npm run example:weather [-- [fetch | alerts | dashboard] [options]]

Without a role: fetches, warns and shows at once, on the server at STRATALOG_URL or on one of its own.
fetch, alerts, dashboard: one of them, on the server at STRATALOG_URL (default http://127.0.0.1:8080).

  --source recorded|live  live: OpenWeather; the default where OPENWEATHER_API_KEY is set
  --city NAME        a city of OpenWeather, such as London,GB; may be repeated
  --every SECONDS    between two rounds (default 60, of recorded weather 0.02)
  --rounds N         how often to ask (default: live without end, of recorded weather 140)
  --first-day DATE   where recorded weather begins (default 2012-06-15)
  --timeout SECONDS  how long OpenWeather may take for one answer (default 10)
  --retry-pause S    how long to wait about before it is asked again, at first (default 1)
  --high C, --low C  readings above and below raise an alert (default 35 and 10)
  --reset            delete the topics and the groups first
`

const OPTIONS = {
  source: { type: "string" },
  city: { type: "string", multiple: true },
  every: { type: "string" },
  rounds: { type: "string" },
  "first-day": { type: "string" },
  timeout: { type: "string" },
  "retry-pause": { type: "string" },
  high: { type: "string" },
  low: { type: "string" },
  reset: { type: "boolean" },
} as const

const celsius = z.coerce.number<string>().min(-273.15)
const seconds = z.coerce.number<string>().positive()

const schema = z.object({
  role: z.enum(["all", "fetch", "alerts", "dashboard"]).default("all"),
  source: z.enum(["recorded", "live"]).optional(),
  city: z.array(z.string().min(1)).default(["London,GB", "Nairobi,KE", "Oslo,NO", "Phoenix,US", "Singapore,SG"]),
  every: seconds.optional(),
  rounds: z.coerce.number<string>().int().min(1).optional(),
  "first-day": z.iso.date().default("2012-06-15"),
  timeout: seconds.default(10),
  "retry-pause": seconds.default(1),
  high: celsius.default(35),
  low: celsius.default(10),
  reset: z.boolean().default(false),
})

export type Settings = z.infer<typeof schema>

export function parseSettings(args: readonly string[]): ParsedSettings<Settings> {
  return parseCommandLine(args, OPTIONS, schema)
}
