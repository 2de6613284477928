/** Tells CloudWatch how far groups are behind. */
import type { LagOf } from "../compose/lag-service.ts"
import { groupLag } from "../http/metrics/table/topics.ts"
import { figuresLine } from "./figures.ts"
import type { TellUpkeep } from "./tell-upkeep.ts"

export interface TellLag extends TellUpkeep {
  readonly lagOf: LagOf
}

/** One group after the other: each may have thousands of partitions. What nobody knows is no figure, and no zero. */
export async function tellLag(groups: readonly string[], { lagOf, deployment, now, say }: TellLag): Promise<void> {
  for (const group of groups) {
    const found = await lagOf(group)
    if (found.kind === "group_not_found") say({ level: "info", event: "lag_unknown", group, reason: found.kind })
    if (found.kind === "unavailable") {
      const { reason, detail } = found
      say({ level: "warn", event: "lag_unknown", group, reason, detail })
    }
    if (found.kind !== "lag" || found.partitions.every(({ lag }) => lag === null)) continue
    const figure = { metric: groupLag, value: found.totalLag }
    say({ level: "info", ...figuresLine({ deployment, at: now(), dimensions: { Group: group } }, [figure]) })
  }
}
