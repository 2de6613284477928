/** Sets a partition's fencing token on condition of the present one, so that one writer can take over from another. */
import type { ControlDependencies } from "../dependencies.ts"
import { locate, type NotLocated } from "../locate.ts"
import type { SetFenceOutcome } from "../ports.ts"

export interface SetFenceRequest {
  readonly topic: string
  readonly partition: number
  /** The token that has to be there now; undefined: none. */
  readonly expected: string | undefined
  readonly token: string | undefined
}

export async function setFence(
  deps: ControlDependencies,
  request: SetFenceRequest,
): Promise<Exclude<SetFenceOutcome, { kind: "unknown_partition" }> | NotLocated> {
  const location = await locate(deps.topics, request.topic, request.partition)
  if (location.kind !== "located") return location
  const outcome = await deps.log.setFence(location.partition, request.expected, request.token)
  return outcome.kind === "unknown_partition" ? { kind: "topic_not_found", topic: request.topic } : outcome
}
