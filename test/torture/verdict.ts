/** What a round's history shows. */
import { mkdtemp, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { checkHistory, type Expectations } from "../checker/check.ts"
import { type Operation, writeHistory } from "../checker/operation.ts"
import type { Recorder } from "./recorder.ts"
import type { TortureFailure } from "./report.ts"

/** Anything wrong, with its history in a file. */
export async function judge(
  { history, violations }: Recorder,
  expectations: Expectations,
  round: number,
): Promise<TortureFailure | undefined> {
  const { anomalies, vacuous } = checkHistory(history, expectations)
  if (anomalies.length === 0 && vacuous.length === 0 && violations.length === 0) return undefined
  const path = join(await mkdtemp(join(tmpdir(), "stratalog-torture-")), "history.jsonl")
  await writeFile(path, writeHistory(history))
  return { round, anomalies, violations: [...violations, ...vacuous], history: path }
}

/** Adds how often each fault fired. */
export function countFaults(history: readonly Operation[], faults: Map<string, number>): void {
  for (const each of history) if (each.f === "fault") faults.set(each.value, (faults.get(each.value) ?? 0) + 1)
}

/** `round`: the first is 1. `plan`: what it was, in words. */
export function progress(round: number, rounds: number, plan: string, history: readonly Operation[]): string {
  const acks = history.filter((each) => each.f === "append" && each.type === "ok").length
  return `round ${round}/${rounds}: ${plan}; ${history.length} operations, ${acks} acknowledged appends`
}
