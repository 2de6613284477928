import type { Stratalog } from "stratalog"
import { committedOffsets } from "./committed-offsets.ts"
import { pause } from "./pause.ts"

const LOOK_EVERY_MS = 100

/** Resolves once the group has committed everything that is in the topic now, or `signal` aborts. */
export async function caughtUp(log: Stratalog, group: string, topic: string, signal: AbortSignal): Promise<void> {
  const ends = await log.topic(topic).offsets()
  while (!signal.aborted) {
    const committed = await committedOffsets(log, group, topic)
    const behind = ends.some(
      ({ partition, logStartOffset, highWatermark }) =>
        highWatermark > logStartOffset && (committed.get(partition) ?? 0) < highWatermark,
    )
    if (!behind) return
    await pause(LOOK_EVERY_MS, signal)
  }
}
