/** How far groups are, asked of the log when somebody looks. */

import type { GroupDependencies } from "../../groups/dependencies.ts"
import type { PartitionLag } from "../../groups/lag/decide.ts"
import { groupLag } from "../../groups/lag/group-lag.ts"
import type { PartitionLog } from "../../log/ports.ts"
import { type Family, family, type Sample } from "./exposition.ts"
import { groupMembers, groupsUntold, groupLag as lagMetric } from "./table/topics.ts"

export type GroupFiguresSource = Pick<GroupDependencies, "groups" | "topics" | "sessionClock"> & {
  readonly log: Pick<PartitionLog, "describe">
}

/** A label value for each: the first by name are told. */
const MOST_GROUPS = 200
/** Of all groups together. A group that goes beyond is left out whole. */
const MOST_SERIES = 10_000

export async function groupFamilies(source: GroupFiguresSource): Promise<readonly Family[]> {
  const listed = await source.groups.list({ limit: MOST_GROUPS })
  // Whatever is wrong with storage has metrics of its own.
  if (listed.kind === "unavailable") return [family(groupsUntold, 1)]
  const lags: Sample<"group" | "topic" | "partition">[] = []
  const members: Sample<"group">[] = []
  let untold = listed.next !== undefined
  for (const group of listed.groups) {
    const found = await groupLag(source, group)
    if (found.kind === "unavailable") untold = true
    if (found.kind !== "lag") continue
    const ofGroup = lagsOf(group, found.partitions)
    if (lags.length + ofGroup.length > MOST_SERIES) untold = true
    else lags.push(...ofGroup)
    members.push({ labels: { group }, value: membersOf(found.partitions) })
  }
  return [family(lagMetric, lags), family(groupMembers, members), family(groupsUntold, untold ? 1 : 0)]
}

/** Without a committed offset there is no number. */
function lagsOf(group: string, partitions: readonly PartitionLag[]) {
  return partitions.flatMap(({ topic, partition, lag }) =>
    lag === null ? [] : [{ labels: { group, topic, partition }, value: lag }],
  )
}

function membersOf(partitions: readonly PartitionLag[]): number {
  return new Set(partitions.flatMap(({ memberId }) => memberId ?? [])).size
}
