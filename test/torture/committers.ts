/** Groups that commit how far they read, and look whether it is still so. */
import type { CommittedOffsets } from "stratalog/protocol"
import type { Client, Phase } from "./phase.ts"
import { writeOutcome } from "./phase.ts"
import type { ReaderOptions } from "./readers.ts"

const EXPECTED = new Set(["offset_regression", "unavailable", "too_many_requests"])

/** Commits one partition's offsets, mostly forward; now and then it tries to go back and has to be refused. */
export function committer(options: ReaderOptions & { readonly group: string }, partition: number): Client {
  const { name, random, topic, ends, group } = options
  const key = `${group}:${topic}/${partition}`
  let position = 0

  async function commit(phase: Phase): Promise<void> {
    const end = ends.get(`${topic}/${partition}`) ?? 0
    const offset = random.chance(0.1)
      ? random.int(position + 1)
      : position + random.int(Math.max(1, end - position + 1))
    const call = phase.recorder.begin()
    const body = { offsets: [{ topic, partition, offset, metadata: name }] }
    const outcome = writeOutcome(await phase.postJson(`/v1/groups/${group}/offsets`, body))
    const type = outcome.kind === "ok" ? "ok" : outcome.kind === "refused" ? "fail" : "info"
    phase.recorder.end(name, call, { f: "commit", type, key, offset })
    if (outcome.kind === "ok") position = Math.max(position, offset)
    if (outcome.kind === "refused" && !EXPECTED.has(outcome.code)) {
      phase.recorder.violations.push(`commit of ${offset} for ${key} was refused: ${JSON.stringify(outcome.problem)}`)
    }
  }

  async function look(phase: Phase): Promise<void> {
    const call = phase.recorder.begin()
    const answer = await phase.exchange({ method: "GET", path: `/v1/groups/${group}/offsets?topic=${topic}` })
    if (answer === undefined || (answer.status !== 200 && answer.status !== 404)) return
    const { offsets }: CommittedOffsets = answer.status === 404 ? { offsets: [] } : JSON.parse(answer.text)
    const offset = offsets.find((each) => each.partition === partition)?.offset ?? null
    phase.recorder.end(name, call, { f: "committed", type: "ok", key, offset })
    position = Math.max(position, offset ?? 0)
  }

  return { name, step: (phase) => (random.chance(0.7) ? commit(phase) : look(phase)), settle: look }
}
