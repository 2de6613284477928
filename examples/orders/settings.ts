/** The command line of the example. */
import * as z from "zod"
import { type ParsedSettings, parseCommandLine } from "../program/command-line.ts"

export const HELP = `npm run example:orders [-- [orders | inventory | notifications] [options]]

Without a role: all three services at once, on the server at STRATALOG_URL or on one of its own.
orders, inventory, notifications: one of them, on the server at STRATALOG_URL (default http://127.0.0.1:8080).

  --count N           take so many orders (default: 200 without a role, without end otherwise)
  --rate N|max        orders a second (default 200)
  --seed N            what is ordered (default: something else each time)
  --database FILE     where the inventory keeps the stock (default .stratalog-example/orders-stock.sqlite)
  --instance NAME     the service's own name, with which it gets its partitions back after a restart
  --session-timeout S after so many seconds a service that is silent has crashed (default 10)
  --quiet             print no notices
  --reset             delete the topics, the groups and the stock first
`

const OPTIONS = {
  count: { type: "string" },
  rate: { type: "string" },
  seed: { type: "string" },
  database: { type: "string" },
  instance: { type: "string" },
  "session-timeout": { type: "string" },
  quiet: { type: "boolean" },
  reset: { type: "boolean" },
} as const

const schema = z.object({
  role: z.enum(["all", "orders", "inventory", "notifications"]).default("all"),
  count: z.coerce.number<string>().int().min(1).optional(),
  rate: z
    .union([z.literal("max").transform(() => Number.POSITIVE_INFINITY), z.coerce.number<string>().positive()])
    .default(200),
  seed: z.coerce.number<string>().int().optional(),
  database: z.string().default(".stratalog-example/orders-stock.sqlite"),
  instance: z.string().min(1).optional(),
  "session-timeout": z.coerce.number<string>().min(0.5).default(10),
  quiet: z.boolean().default(false),
  reset: z.boolean().default(false),
})

export type Settings = z.infer<typeof schema>

export function parseSettings(args: readonly string[]): ParsedSettings<Settings> {
  return parseCommandLine(args, OPTIONS, schema)
}
