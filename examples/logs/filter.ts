/** Which lines a tail shows, and how many there were of each level. Pure. */
import { LEVELS, type Level, type Line } from "./lines.ts"

export interface Filter {
  /** The least severe level that is shown. */
  readonly level: Level
  /** Absent: all services. */
  readonly service?: string | undefined
  /** Absent: whatever it says. */
  readonly grep?: string | undefined
}

export function passes({ level, service, message }: Line, filter: Filter): boolean {
  if (LEVELS.indexOf(level) < LEVELS.indexOf(filter.level)) return false
  if (filter.service !== undefined && service !== filter.service) return false
  return filter.grep === undefined || message.includes(filter.grep)
}

export class Counts {
  readonly #lines = new Map<Level, number>(LEVELS.map((level) => [level, 0]))
  #shown = 0

  add({ level }: Line, shown: boolean): void {
    this.#lines.set(level, this.of(level) + 1)
    if (shown) this.#shown++
  }

  of(level: Level): number {
    return this.#lines.get(level) ?? 0
  }

  /** Such as `DEBUG 12  INFO 80  ERROR 8  (100 lines, 8 shown)`. */
  toString(): string {
    const total = LEVELS.reduce((sum, level) => sum + this.of(level), 0)
    return `${LEVELS.map((level) => `${level} ${this.of(level)}`).join("  ")}  (${total} lines, ${this.#shown} shown)`
  }
}
