/** The history checker: every anomaly of a history, and whether the history could have shown one. */
import type { Anomaly } from "./anomaly.ts"
import { checkCommits } from "./check-commits.ts"
import { checkConsumption } from "./check-consumption.ts"
import { checkOwners } from "./check-owners.ts"
import { checkReaders } from "./check-readers.ts"
import { checkStarts } from "./check-starts.ts"
import { checkTime } from "./check-time.ts"
import { checkValues } from "./check-values.ts"
import { checkZombies } from "./check-zombies.ts"
import { groupVacuity } from "./group-vacuity.ts"
import type { Operation } from "./operation.ts"
import { finalLog, indexHistory } from "./partition-history.ts"

/** What a history has to hold for its verdict to mean anything. */
export interface Expectations {
  readonly minAcks: number
  readonly minFetches: number
  /** Faults that must have fired. */
  readonly faults: readonly string[]
  /** Where groups consume. */
  readonly groups?: GroupExpectations
}

export interface GroupExpectations {
  /** Acknowledged commits of members. */
  readonly minCommits: number
  /** How often a partition went from one member to another. */
  readonly minHandovers: number
}

export interface Verdict {
  readonly anomalies: readonly Anomaly[]
  /** Why the run proves nothing, where it does not. */
  readonly vacuous: readonly string[]
}

/** Time grows with the length of the history times its logarithm. */
export function checkHistory(history: readonly Operation[], expected: Expectations): Verdict {
  const index = indexHistory(history)
  return {
    anomalies: [
      ...checkValues(index),
      ...checkReaders(index),
      ...checkTime(index),
      ...checkStarts(index),
      ...checkCommits(history, index),
      ...checkZombies(history),
      ...checkOwners(history),
      ...checkConsumption(history, index),
    ],
    vacuous: [
      ...vacuity(
        history,
        expected,
        [...index.partitions.values()].filter((each) => finalLog(each) === undefined),
      ),
      ...(expected.groups === undefined ? [] : groupVacuity(history, expected.groups)),
    ],
  }
}

function vacuity(
  history: readonly Operation[],
  { minAcks, minFetches, faults }: Expectations,
  undrained: readonly { readonly key: string }[],
): string[] {
  const count = (f: Operation["f"]) => history.filter((each) => each.f === f && each.type === "ok").length
  const fired = new Set(history.flatMap((each) => (each.f === "fault" && each.type === "ok" ? [each.value] : [])))
  const acks = count("append")
  const fetches = count("fetch")
  return [
    ...(acks < minAcks ? [`only ${acks} acknowledged appends, of ${minAcks} at least`] : []),
    ...(fetches < minFetches ? [`only ${fetches} fetches, of ${minFetches} at least`] : []),
    ...faults.filter((fault) => !fired.has(fault)).map((fault) => `the fault ${fault} never fired`),
    ...undrained.map(({ key }) => `${key} was not read to its end after the faults`),
  ]
}
