/** The command line of the example. */
import * as z from "zod"
import { type ParsedSettings, parseCommandLine } from "../program/command-line.ts"
import { LEVELS } from "./lines.ts"

export const HELP = `npm run example:logs [-- [generate | tail] [options]]

Without a role: generates lines and tails them at once, on the server at STRATALOG_URL or on one of its own.
generate, tail: one of the two, on the server at STRATALOG_URL (default http://127.0.0.1:8080, where npm start serves).

  --lines N         generate so many lines (default: 300 without a role, without end otherwise)
  --rate N|max      lines a second (default 100)
  --seed N          what is made up (default: something else each time)
  --level LEVEL     show DEBUG, INFO or ERROR and what is more severe (default ERROR)
  --service NAME    show only lines of this service: gateway, billing, search, login
  --grep TEXT       show only lines that contain it
  --from WHERE      where a group without offsets begins: earliest (default) or latest
  --reset           delete the topic and the group first
`

const OPTIONS = {
  lines: { type: "string" },
  rate: { type: "string" },
  seed: { type: "string" },
  level: { type: "string" },
  service: { type: "string" },
  grep: { type: "string" },
  from: { type: "string" },
  reset: { type: "boolean" },
} as const

const schema = z.object({
  role: z.enum(["all", "generate", "tail"]).default("all"),
  lines: z.coerce.number<string>().int().min(1).optional(),
  rate: z
    .union([z.literal("max").transform(() => Number.POSITIVE_INFINITY), z.coerce.number<string>().positive()])
    .default(100),
  seed: z.coerce.number<string>().int().optional(),
  level: z.enum(LEVELS).default("ERROR"),
  service: z.string().optional(),
  grep: z.string().optional(),
  from: z.enum(["earliest", "latest"]).default("earliest"),
  reset: z.boolean().default(false),
})

export type Settings = z.infer<typeof schema>

export function parseSettings(args: readonly string[]): ParsedSettings<Settings> {
  return parseCommandLine(args, OPTIONS, schema)
}
