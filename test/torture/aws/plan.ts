/** What happens to the servers and to the network in one round; the seed decides. */
import type { Random } from "../random.ts"

export const SERVERS = 3

export interface FaultPlan {
  /** `kill`: SIGKILL; `stop`: SIGTERM; `pause`: SIGSTOP, and SIGCONT later. */
  readonly kind: "kill" | "stop" | "pause"
  readonly server: number
  /** When so many more operations have begun. */
  readonly operations: number
  /** How long a pause lasts. */
  readonly milliseconds: number
  /** Kills while the server starts again, each at this part of the time that a start takes. */
  readonly killsInStart: readonly number[]
  /** The next fault does not wait for the end of this one. */
  readonly overlaps: boolean
}

export interface AwsRoundPlan {
  readonly faults: readonly FaultPlan[]
  /** How many requests to DynamoDB and S3 are lost or late, from 0 to 1. */
  readonly lossRate: number
}

/** `lossy`: never without losses. The first round of a life has a kill and a pause, so that no life proves too little. */
export function planAwsRound(random: Random, firstOfLife: boolean, lossy: boolean): AwsRoundPlan {
  const count = 2 + random.int(3)
  const faults = Array.from({ length: count }, (_, index): FaultPlan => {
    const any = random.pick(["kill", "kill", "kill", "pause", "pause", "stop"] as const)
    const kind = firstOfLife && index < 2 ? (["kill", "pause"] as const)[index] : undefined
    return {
      kind: kind ?? any,
      server: random.int(SERVERS),
      operations: 40 + random.int(250),
      milliseconds: 200 + random.int(4_500),
      killsInStart: Array.from({ length: random.pick([0, 0, 0, 1]) }, () => 0.3 + random.int(70) / 100),
      overlaps: random.chance(0.5),
    }
  })
  return { faults, lossRate: lossy ? 0.02 : random.pick([0, 0.004, 0.01, 0.02]) }
}

export function describeAwsPlan({ faults, lossRate }: AwsRoundPlan): string {
  const told = faults.map(({ kind, server, milliseconds, killsInStart }) => {
    const more = kind === "pause" ? ` ${milliseconds} ms` : killsInStart.map(() => " + start").join("")
    return `${kind} ${server}${more}`
  })
  return `${told.join(", ")}; ${lossRate * 100} % of requests lost or late`
}
