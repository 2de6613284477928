/** The command line of the example. */
import * as z from "zod"
import { type ParsedSettings, parseCommandLine } from "../program/command-line.ts"

export const HELP = `npm run example:event-sourcing [-- [trade | snapshots | show] [options]]

Without a role: trades, keeps snapshots and shows the accounts, on the server at STRATALOG_URL or on one of its own.
trade, snapshots, show: one of them, on the server at STRATALOG_URL (default http://127.0.0.1:8080).

  --months N   save for so many months from January 2000 on (default 123, to March 2010)
  --reset      delete the topics and the group first
`

const OPTIONS = { months: { type: "string" }, reset: { type: "boolean" } } as const

const schema = z.object({
  role: z.enum(["all", "trade", "snapshots", "show"]).default("all"),
  months: z.coerce.number<string>().int().min(1).max(123).default(123),
  reset: z.boolean().default(false),
})

export type Settings = z.infer<typeof schema>

export function parseSettings(args: readonly string[]): ParsedSettings<Settings> {
  return parseCommandLine(args, OPTIONS, schema)
}
