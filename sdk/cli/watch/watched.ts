/** What is watched, and how often. */
import type { Size } from "./lay-out.ts"
import type { Trouble } from "./trouble.ts"

export interface Rhythm {
  /** From the end of one look to the beginning of the next. */
  readonly intervalMs: number
  /** So many looks; undefined: until it is ended. */
  readonly count: number | undefined
}

export interface Watched {
  /** Rejects where there is nothing new to see. */
  look(stop: AbortSignal): Promise<void>
  /** The newest look; `size` undefined: whole. */
  lines(size: Size | undefined, trouble: Trouble | undefined): readonly string[]
  json(): object
  /** A key that has no meaning of its own to who watches. */
  onKey(key: string): void
}
