/** The command line of the example. */
import * as z from "zod"
import { type ParsedSettings, parseCommandLine } from "../program/command-line.ts"

export const HELP = `npm run example:temperature [-- [produce | consume] [options]]

Without a role: publishes and watches at once, on the server at STRATALOG_URL or on one of its own.
produce, consume: one of the two, on the server at STRATALOG_URL (default http://127.0.0.1:8080, where npm start serves).

  --speed N|max       readings a second of the replay (default 1000)
  --high C, --low C   readings above and below are alarming (default 30 and 0)
  --stop-after N      stop the consumer once it has processed N readings
  --source replay|live  live: OpenWeather; the default where OPENWEATHER_API_KEY is set
  --city NAME         a city for live readings, such as London,GB; may be repeated
  --every SECONDS     how often to ask for live readings (default 60)
  --reset             delete the topics and the group first
`

const celsius = z.coerce.number<string>().min(-273.15)

const schema = z.object({
  role: z.enum(["both", "produce", "consume"]).default("both"),
  speed: z
    .union([
      z.literal("max").transform(() => Number.POSITIVE_INFINITY),
      z.coerce.number<string>().positive("is a number above 0, or max"),
    ])
    .default(1000),
  high: celsius.default(30),
  low: celsius.default(0),
  "stop-after": z.coerce.number<string>().int().min(1).default(Number.POSITIVE_INFINITY),
  source: z.enum(["replay", "live"]).optional(),
  city: z.array(z.string().min(1)).default(["London,GB", "Nairobi,KE", "Oslo,NO", "Phoenix,US", "Singapore,SG"]),
  every: z.coerce.number<string>().min(1).default(60),
  reset: z.boolean().default(false),
})

export type Settings = z.infer<typeof schema>

export function parseSettings(args: readonly string[]): ParsedSettings<Settings> {
  return parseCommandLine(args, OPTIONS, schema)
}

const OPTIONS = {
  speed: { type: "string" },
  high: { type: "string" },
  low: { type: "string" },
  "stop-after": { type: "string" },
  source: { type: "string" },
  city: { type: "string", multiple: true },
  every: { type: "string" },
  reset: { type: "boolean" },
} as const
