/** Sets the fencing token on condition of the present one. */
import type { PartitionRef, SetFenceOutcome } from "../log/ports.ts"
import { backOff } from "./backoff.ts"
import type { ControlDeps } from "./dependencies.ts"

const TRIES = 4

export async function setFence(
  deps: ControlDeps,
  partition: PartitionRef,
  expected: string | undefined,
  next: string | undefined,
): Promise<SetFenceOutcome> {
  for (let tries = 0; ; tries += 1) {
    const changed = await deps.index.change(partition, { kind: "fence", from: expected, to: next })
    switch (changed.kind) {
      case "committed":
        return { kind: "set" }
      case "refused":
        return { kind: "fence_failed", fencingToken: changed.head.fencingToken }
      case "unknown_partition":
        return changed
    }
    // Somebody may have set the token after a lost attempt of ours did: only what is refused now is known.
    if (changed.sideEffects === "unknown" || tries === TRIES) return changed
    await backOff(deps, tries)
  }
}
