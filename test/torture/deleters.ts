/** Deletes the oldest records of a partition now and then. */
import type { Client, Phase } from "./phase.ts"
import { writeOutcome } from "./phase.ts"
import type { ReaderOptions } from "./readers.ts"

export function deleter({ name, random, topic, ends }: ReaderOptions, partition: number): Client {
  const key = `${topic}/${partition}`
  let start = 0

  async function deleteSome(phase: Phase): Promise<void> {
    const end = ends.get(key) ?? 0
    // Mostly a few of the oldest, now and then so much that it reaches beyond what is in segments.
    const offset = random.chance(0.1) ? end : Math.min(end, start + random.int(1 + Math.ceil((end - start) / 10)))
    const call = phase.recorder.begin()
    const path = `/v1/topics/${topic}/partitions/${partition}/records?before=${offset}`
    const outcome = writeOutcome(await phase.exchange({ method: "DELETE", path }))
    const type = outcome.kind === "ok" ? "ok" : outcome.kind === "refused" ? "fail" : "info"
    phase.recorder.end(name, call, { f: "delete", type, key, offset })
    if (outcome.kind === "ok") start = Math.max(start, offset)
    if (outcome.kind === "refused" && outcome.code !== "unavailable") {
      phase.recorder.violations.push(`deletion of ${key} before ${offset}: ${JSON.stringify(outcome.problem)}`)
    }
  }

  /** As often as the others take ten steps: most of the log has to stay. */
  async function step(phase: Phase): Promise<void> {
    if (random.chance(0.1)) return deleteSome(phase)
    await phase.exchange({ method: "GET", path: `/v1/topics/${topic}/offsets` })
  }

  return { name, step }
}
