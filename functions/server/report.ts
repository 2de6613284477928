import type { ServeOptions } from "./serve.ts"

/** Where events go that an operator should know: a line of JSON each. */
export function reportTo({ report }: Pick<ServeOptions, "report">): NonNullable<ServeOptions["report"]> {
  return report ?? ((event) => process.stderr.write(`${JSON.stringify(event)}\n`))
}
