/** What came of a torture, for people. */
import { type Anomaly, anomalyKinds } from "../checker/anomaly.ts"

export interface TortureReport {
  readonly rounds: number
  readonly operations: number
  /** How often each fault fired. */
  readonly faults: ReadonlyMap<string, number>
  /** Why the torture stopped, where it did not go through. */
  readonly failure?: TortureFailure
}

export interface TortureFailure {
  readonly round: number
  readonly anomalies: readonly Anomaly[]
  /** Answers that nothing explains, and runs that prove nothing. */
  readonly violations: readonly string[]
  /** The history in JSON lines; an embedded log's data directory is beside it. */
  readonly history: string
}

export function describeReport(report: TortureReport, seed: number): string {
  const faults = [...report.faults].map(([name, count]) => `${name} ${count}`).join(", ")
  const lines = [`${report.rounds} rounds with seed ${seed}: ${report.operations} operations; faults: ${faults}`]
  const { failure } = report
  if (failure === undefined) return [...lines, "No anomaly."].join("\n")
  const kinds = Map.groupBy(failure.anomalies, (anomaly) => anomaly.kind)
  for (const [kind, found] of kinds) {
    lines.push(`${kind} (${anomalyKinds[kind]}), ${found.length} times:`)
    lines.push(...found.slice(0, 5).map(({ key, detail }) => `  ${key}: ${detail}`))
  }
  lines.push(...failure.violations.slice(0, 10).map((each) => `violation: ${each}`))
  return [...lines, `Round ${failure.round + 1} failed; its history is ${failure.history}`].join("\n")
}
