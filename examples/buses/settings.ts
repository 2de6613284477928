/** The command line of the example. */
import * as z from "zod"
import { type ParsedSettings, parseCommandLine } from "../program/command-line.ts"
import { STOPS } from "./stops.ts"

export const HELP = `npm run example:buses [-- [watch | board | next] [options]]

Without a role: watches the stops, prints arrivals and keeps the next buses at once, on the server at STRATALOG_URL or
on one of its own. watch, board, next: one of them, on the server at STRATALOG_URL (default http://127.0.0.1:8080).

  --source live|sample  default: live where api.tfl.gov.uk answers, otherwise the sample
  --stop ID         a stop of TfL, such as 490000144A; may be repeated (the sample has stops of its own)
  --every SECONDS   between two rounds (default 30, of the sample 0.3)
  --rounds N        how often to ask (default: live without end, of the sample 10)
  --timeout SECONDS how long TfL may take for one answer (default 10)
  --retry-pause S   how long to wait about before it is asked again, at first (default 1)
  --reset           delete the topics and the groups first
`

const OPTIONS = {
  source: { type: "string" },
  stop: { type: "string", multiple: true },
  every: { type: "string" },
  rounds: { type: "string" },
  timeout: { type: "string" },
  "retry-pause": { type: "string" },
  reset: { type: "boolean" },
} as const

const seconds = z.coerce.number<string>().positive()

const schema = z.object({
  role: z.enum(["all", "watch", "board", "next"]).default("all"),
  source: z.enum(["live", "sample"]).optional(),
  stop: z.array(z.string().min(1)).default(STOPS.map(({ naptanId }) => naptanId)),
  every: seconds.optional(),
  rounds: z.coerce.number<string>().int().min(1).optional(),
  timeout: seconds.default(10),
  "retry-pause": seconds.default(1),
  reset: z.boolean().default(false),
})

export type Settings = z.infer<typeof schema>

export function parseSettings(args: readonly string[]): ParsedSettings<Settings> {
  return parseCommandLine(args, OPTIONS, schema)
}
