/**
 * Patterns of subscriptions, by RE2: their time is linear in the length of a name, whatever a client asks for. It is loaded
 * with the first pattern, and what was found out is remembered, as the same patterns come with every request.
 */
import type { MatchPattern } from "./subscriptions.ts"

export interface InvalidPattern {
  readonly pattern: string
  /** A sentence for who wrote it. */
  readonly detail: string
}

export interface CompiledPatterns {
  /** Of a pattern that is invalid or was not compiled: matches nothing. */
  readonly match: MatchPattern
  readonly invalid: readonly InvalidPattern[]
}

type Compiled = ((name: string) => boolean) | InvalidPattern

const MAX_REMEMBERED_PATTERNS = 500
const MAX_REMEMBERED_NAMES = 10_000
/** Steps of the compiled pattern. A character of a name costs as many at worst. */
const MAX_PROGRAM = 1_000

const remembered = new Map<string, Compiled>()

export async function compilePatterns(patterns: readonly string[]): Promise<CompiledPatterns> {
  const compiled = new Map<string, Compiled>()
  for (const pattern of patterns) {
    const known = remembered.get(pattern) ?? (await compile(pattern))
    remember(pattern, known)
    compiled.set(pattern, known)
  }
  const match: MatchPattern = (pattern) => {
    const found = compiled.get(pattern)
    return typeof found === "function" ? found : () => false
  }
  return { match, invalid: [...compiled.values()].filter((each) => typeof each !== "function") }
}

async function compile(pattern: string): Promise<Compiled> {
  const { RE2JS, RE2JSException } = await import("re2js")
  try {
    const program = RE2JS.compile(pattern)
    if (program.programSize() > MAX_PROGRAM) return { pattern, detail: "The pattern repeats too much." }
    return withMemory((name) => program.matches(name))
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error
    return { pattern, detail: `The pattern is not RE2's: ${error.message}.` }
  }
}

/** Those used longest ago are forgotten first. */
function remember(pattern: string, compiled: Compiled): void {
  remembered.delete(pattern)
  remembered.set(pattern, compiled)
  const oldest = remembered.size > MAX_REMEMBERED_PATTERNS ? remembered.keys().next().value : undefined
  if (oldest !== undefined) remembered.delete(oldest)
}

function withMemory(matches: (name: string) => boolean): (name: string) => boolean {
  const known = new Map<string, boolean>()
  return (name) => {
    const found = known.get(name) ?? matches(name)
    if (known.size >= MAX_REMEMBERED_NAMES) known.clear()
    known.set(name, found)
    return found
  }
}
