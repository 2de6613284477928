/** The command line of an example: options of node's parseArgs, checked and converted by a zod schema. */
import { type ParseArgsOptionsConfig, parseArgs } from "node:util"
import type * as z from "zod"

export type ParsedSettings<S> =
  | { readonly kind: "settings"; readonly settings: S }
  | { readonly kind: "help" }
  /** A sentence for the person who typed it. */
  | { readonly kind: "refused"; readonly detail: string }

/** The one positional argument there may be becomes `role`. */
export function parseCommandLine<S>(
  args: readonly string[],
  options: ParseArgsOptionsConfig,
  schema: z.ZodType<S>,
): ParsedSettings<S> {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { ...options, help: { type: "boolean", short: "h" } },
    })
    const { help, ...given } = values
    if (help === true) return { kind: "help" }
    const [role, tooMany] = positionals
    if (tooMany !== undefined) return refused(`${tooMany}: one role at a time`)
    return check({ ...given, role }, schema)
  } catch (error) {
    // parseArgs throws on an option that it does not know.
    return { kind: "refused", detail: error instanceof Error ? error.message : String(error) }
  }
}

function check<S>(given: Readonly<Record<string, unknown>>, schema: z.ZodType<S>): ParsedSettings<S> {
  const parsed = schema.safeParse(given)
  if (parsed.success) return { kind: "settings", settings: parsed.data }
  const [issue] = parsed.error.issues
  return refused(`${issue?.path.join(".")}: ${issue?.message}`)
}

function refused(detail: string): ParsedSettings<never> {
  return { kind: "refused", detail: `${detail} (--help lists the options)` }
}
