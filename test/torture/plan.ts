/** What happens to the server in one round; the seed decides. */
import type { Random } from "./random.ts"

export interface RoundPlan {
  /** `kill`: SIGKILL; `stop`: SIGTERM, in order. */
  readonly end: "kill" | "stop"
  /** When: as soon as so many operations have begun. */
  readonly operations: number
  /** Or, if it comes sooner, when the journal goes on in a new file. */
  readonly atRoll: boolean
  /** Milliseconds between that and the end. */
  readonly delayMs: number
  /** Bytes of an unfinished write behind the journal's end. */
  readonly tearTail: boolean
  /** Kills while the server starts, each at this part of the time that a start takes. */
  readonly killsInStart: readonly number[]
  /** Another process opens the data directory while the server runs. */
  readonly secondOpener: boolean
}

export function planRound(random: Random, firstOfLife: boolean): RoundPlan {
  const atRoll = random.chance(0.25)
  return {
    end: random.chance(0.9) ? "kill" : "stop",
    operations: atRoll ? 1_500 : 1 + random.int(500),
    atRoll,
    delayMs: random.pick([0, 0, 0, 1, 2, 5]),
    tearTail: random.chance(0.5),
    killsInStart: Array.from({ length: random.pick([0, 0, 1, 2]) }, () => 0.4 + random.int(70) / 100),
    secondOpener: firstOfLife || random.chance(0.1),
  }
}

export function describePlan(plan: RoundPlan): string {
  const when = plan.atRoll ? "at a roll of the journal" : `at operation ${plan.operations}`
  return [
    `${plan.end} ${when}${plan.delayMs > 0 ? ` + ${plan.delayMs} ms` : ""}`,
    ...(plan.tearTail ? ["torn tail"] : []),
    ...(plan.killsInStart.length > 0 ? [`${plan.killsInStart.length} kills in the start`] : []),
    ...(plan.secondOpener ? ["second opener"] : []),
  ].join(", ")
}
