import type { Upkeep } from "../compose/indexed-upkeep.ts"

/**
 * Upkeep that sweeps once in `everyMs`, whether the caller asks for it or not: what there is to sweep is left by other
 * processes too, and by appends and deletions, of which upkeep hears nothing. Not more often: it lists all objects, which
 * costs requests, and what it looks for is old. The first comes when that time has passed.
 */
export function rareSweeps(upkeep: Upkeep, everyMs: number, now: () => number = () => performance.now()): Upkeep {
  let last = now()
  let sweep = false
  return (options, cursor) => {
    // A round goes on as it began.
    if (cursor === undefined) {
      sweep = now() - last >= everyMs
      if (sweep) last = now()
    }
    return upkeep(
      {
        sweep,
        // Who stops the server changes it on the way.
        get until() {
          return options.until
        },
      },
      cursor,
    )
  }
}
