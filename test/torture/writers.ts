/** Clients that write without a producer id: what they cannot know stays unknown, and they go on with other values. */
import type { Produced } from "stratalog/protocol"
import type { Client, Phase, WriteOutcome } from "./phase.ts"
import { writeOutcome } from "./phase.ts"
import type { Random } from "./random.ts"
import type { Result } from "./recorder.ts"
import { nameOf, paddedValue } from "./values.ts"

/** Makes values that nobody else makes. */
export interface ValueSource {
  next(count: number): { readonly names: string[]; readonly values: string[] }
}

export function valueSource(name: string, random: Random): ValueSource {
  let made = 0
  return {
    next(count) {
      const names = Array.from({ length: count }, () => `${name}.${made++}`)
      // Mostly small, now and then so large that a few fill a journal file.
      const values = names.map((each) => paddedValue(each, random.chance(0.03) ? 15_000 : random.int(400)))
      return { names, values }
    },
  }
}

export interface WriterOptions {
  readonly name: string
  readonly random: Random
  readonly topic: string
  readonly partitions: number
}

/** Each with a key of its own, as compacted topics ask for one and may keep only the last of each. */
const jsonRecords = (values: readonly string[]) => values.map((value) => ({ key: nameOf(value), value }))

/** Appends to one partition; `matching`: only at exactly the offset it believes to be next. */
export function partitionWriter(
  options: WriterOptions & { readonly partition: number; readonly matching: boolean },
): Client {
  const { name, random, topic, partition, matching } = options
  const source = valueSource(name, random)
  const key = `${topic}/${partition}`
  let expected = 0
  return {
    name,
    async step(phase) {
      const { names, values } = source.next(1 + random.int(4))
      const call = phase.recorder.begin()
      const body = { records: jsonRecords(values), valueFormat: "utf8", ...(matching && { matchOffset: expected }) }
      const outcome = writeOutcome(await phase.postJson(`/v1/topics/${topic}/partitions/${partition}/records`, body))
      if (outcome.kind === "ok") expected = ((outcome.body as Produced).baseOffset ?? 0) + values.length
      if (outcome.kind === "refused" && outcome.code === "match_failed")
        expected = Number(outcome.problem["nextOffset"])
      phase.recorder.end(name, call, appended(phase, key, names, outcome))
    },
  }
}

/** Lets the service choose the partition. */
export function keylessWriter({ name, random, topic }: WriterOptions): Client {
  const source = valueSource(name, random)
  return {
    name,
    async step(phase) {
      const { names, values } = source.next(1 + random.int(3))
      const call = phase.recorder.begin()
      const body = { records: values.map((value) => ({ value })), valueFormat: "utf8" }
      const outcome = writeOutcome(await phase.postJson(`/v1/topics/${topic}/records`, body))
      const chosen = outcome.kind === "ok" ? (outcome.body as { results: Produced[] }).results[0] : undefined
      const key = chosen === undefined ? `${topic}/*` : `${topic}/${chosen.partition}`
      const one: WriteOutcome = chosen === undefined ? outcome : { kind: "ok", body: chosen }
      phase.recorder.end(name, call, appended(phase, key, names, one))
    },
  }
}

/** Appends to several partitions in one call, each with its own result. */
export function manyPartitionsWriter({ name, random, topic, partitions }: WriterOptions): Client {
  const source = valueSource(name, random)
  return {
    name,
    async step(phase) {
      const chosen = Array.from({ length: partitions }, (_, partition) => partition).filter(() => random.chance(0.7))
      const entries = (chosen.length === 0 ? [0] : chosen).map((partition) => ({
        partition,
        ...source.next(1 + random.int(2)),
      }))
      const call = phase.recorder.begin()
      const answer = await phase.postJson("/v1/produce", {
        entries: entries.map(({ partition, values }) => ({
          topic,
          partition,
          records: jsonRecords(values),
          valueFormat: "utf8",
        })),
      })
      const outcome = writeOutcome(answer)
      const results =
        outcome.kind === "ok" ? (outcome.body as { results: (Produced | { error: never })[] }).results : []
      phase.recorder.end(
        name,
        call,
        ...entries.map(({ partition, names }, index) => {
          const result = results[index]
          return appended(phase, `${topic}/${partition}`, names, result === undefined ? outcome : entryOutcome(result))
        }),
      )
    },
  }
}

function entryOutcome(result: Produced | { readonly error: Readonly<Record<string, unknown>> }): WriteOutcome {
  if (!("error" in result)) return { kind: "ok", body: result }
  if (result.error["sideEffects"] === "unknown") return { kind: "unknown" }
  return { kind: "refused", code: String(result.error["code"]), problem: result.error }
}

/** Refusals that a healthy server may give to these writers. */
const EXPECTED = new Set(["match_failed", "unavailable", "too_many_requests"])

/** The operation for the history; a refusal that nothing explains is a violation of its own. */
export function appended(phase: Phase, key: string, names: readonly string[], outcome: WriteOutcome): Result {
  if (outcome.kind === "refused" && !EXPECTED.has(outcome.code)) {
    phase.recorder.violations.push(`append to ${key} was refused: ${JSON.stringify(outcome.problem)}`)
  }
  if (outcome.kind !== "ok")
    return { f: "append", type: outcome.kind === "refused" ? "fail" : "info", key, value: names }
  const { baseOffset } = outcome.body as Produced
  return { f: "append", type: "ok", key, value: names, ...(baseOffset !== undefined && { offset: baseOffset }) }
}
