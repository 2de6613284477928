import { logLine, type Report } from "../http/logs/log-line.ts"
import type { ServeOptions } from "./serve.ts"

/** Where events go that an operator should know: a line of JSON each. */
export function reportTo({ report }: Pick<ServeOptions, "report">): Report {
  return report ?? ((event) => process.stderr.write(logLine(event, Date.now())))
}
