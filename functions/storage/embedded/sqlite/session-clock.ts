import type { DatabaseSync } from "node:sqlite"
import type { Clock } from "../../../log/ports.ts"
import { integer } from "./rows.ts"

export interface TimeSources {
  /** Epoch milliseconds. */
  wall(): number
  /** Milliseconds that have passed since whenever; never goes back and never jumps. */
  monotonic(): number
}

/**
 * The clock for sessions of members: the wall clock's time when it is made, and from then on the time that passes. A wall
 * clock that is set, forwards or back, expels nobody and keeps nobody alive. It does not begin before the times that an
 * earlier process put into the states, as a member that joined in the future would not expire until then.
 */
export function sessionClock(database: DatabaseSync, { wall, monotonic }: TimeSources): Clock {
  const row = database.prepare("SELECT coalesce(max(latest_time), 0) AS latest FROM group_states").get() ?? {}
  const begin = Math.max(wall(), integer(row, "latest")) - monotonic()
  return { now: () => Math.floor(begin + monotonic()) }
}
