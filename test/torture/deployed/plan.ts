/** What happens to a deployment's functions and to the network in one round; the seed decides. */
import type { Random } from "../random.ts"

export interface FunctionFault {
  /** `kill`: SIGKILL of an environment; `kill-all`: of every one, so that all that follows starts cold; `pause`: SIGSTOP, and SIGCONT later. */
  readonly kind: "kill" | "kill-all" | "pause"
  /** When so many more operations have begun. */
  readonly operations: number
  /** Which of the environments, from 0 to 1. */
  readonly which: number
  /** How long a pause lasts. */
  readonly milliseconds: number
}

export interface DeployedRoundPlan {
  readonly faults: readonly FunctionFault[]
  /** How many of the clients' requests are lost or late, from 0 to 1. */
  readonly clientLossRate: number
  /** How many of the functions' requests to DynamoDB and S3 are. */
  readonly storageLossRate: number
}

const FAULTS = 6

/** Every round has each kind of fault. */
export function planDeployedRound(random: Random): DeployedRoundPlan {
  const faults = Array.from({ length: FAULTS }, (_, index): FunctionFault => {
    const any = random.pick(["kill", "kill", "pause", "kill-all"] as const)
    return {
      kind: (["kill", "pause", "kill-all"] as const)[index] ?? any,
      operations: 30 + random.int(90),
      which: random.int(1_000) / 1_000,
      milliseconds: 200 + random.int(4_500),
    }
  })
  return { faults, clientLossRate: random.pick([0.01, 0.02, 0.04]), storageLossRate: random.pick([0.002, 0.005]) }
}

export function describeDeployedPlan({ faults, clientLossRate, storageLossRate }: DeployedRoundPlan): string {
  const told = faults.map(({ kind, milliseconds }) => (kind === "pause" ? `pause ${milliseconds} ms` : kind))
  return `${told.join(", ")}; lost or late: ${clientLossRate * 100} % of requests, ${storageLossRate * 100} % behind the functions`
}
