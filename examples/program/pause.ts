import { setTimeout } from "node:timers/promises"

/** Waits so many milliseconds, or less where `signal` aborts. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await setTimeout(milliseconds, undefined, { signal }).catch(() => undefined)
}
