/** How long to pause before an attempt is repeated. */
import type { MeetingDeps } from "./dependencies.ts"

/** Full jitter: anywhere from nothing to twice the pause before, so that those who failed together do not come back together. */
export function backoffMs(tries: number, firstMs: number, maxMs: number, random: number): number {
  return Math.min(maxMs, firstMs * 2 ** Math.min(tries, 20)) * random
}

export function backOff({ timer, random, settings }: MeetingDeps, tries: number): Promise<void> {
  return timer.sleep(backoffMs(tries, settings.firstBackoffMs, settings.maxBackoffMs, random()))
}
