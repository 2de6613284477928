/** What groups are behind by, and whether they lost records unread. Pure. */
import type { GroupLag } from "../../protocol/schemas/group-offsets.ts"
import { counted } from "../format/counted.ts"
import { type Finding, ok, warn } from "./finding.ts"

export interface LagOfGroup {
  readonly group: string
  readonly lag: GroupLag
}

/** Groups named in a sentence. */
const NAMED = 5

/** `others`: groups that were not looked at. */
export function groupsFinding(groups: readonly LagOfGroup[], others: number): Finding {
  const check = "groups"
  const rest = others === 0 ? "" : ` ${others} more were not looked at.`
  const lost = groups.filter(({ lag }) =>
    lag.partitions.some(({ committedOffset: at, logStartOffset: start }) => at !== null && at < start),
  )
  if (lost.length > 0) {
    const what = `Records were deleted before ${names(lost)} read them.${rest}`
    return warn(
      check,
      what,
      "Start its consumers, or more of them, or keep records longer: `strata topic alter <name> --config retention.ms=...`.",
    )
  }
  const behind = groups.filter(({ lag }) => lag.totalLag > 0).sort((a, b) => b.lag.totalLag - a.lag.totalLag)
  if (behind.length === 0) return ok(check, `${counted(groups.length, "group")}, none behind.${rest}`)
  const most = behind.slice(0, NAMED).map(({ group, lag }) => `${group} by ${counted(lag.totalLag, "record")}`)
  return ok(
    check,
    `No group lost anything unread; ${behind.length} of ${groups.length} have more to read: ${most.join(", ")}.${rest}`,
  )
}

function names(groups: readonly LagOfGroup[]): string {
  const more = groups.length > NAMED ? ` and ${groups.length - NAMED} more` : ""
  return `${groups
    .slice(0, NAMED)
    .map(({ group }) => group)
    .join(", ")}${more}`
}
