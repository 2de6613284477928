/** Why a history says nothing of the groups in it, where it does not. */
import type { GroupExpectations } from "./check.ts"
import { type GroupPartition, groupPartitions, isConsumed } from "./group-history.ts"
import type { Operation } from "./operation.ts"

export function groupVacuity(history: readonly Operation[], expected: GroupExpectations): string[] {
  const consumed = groupPartitions(history).filter(isConsumed)
  const commits = consumed.flatMap((partition) => {
    return partition.commits.filter(({ type, epoch }) => type === "ok" && epoch !== undefined)
  }).length
  const handovers = consumed.reduce((sum, partition) => sum + handoversOf(partition), 0)
  const { minCommits, minHandovers } = expected
  return [
    ...(commits < minCommits ? [`only ${commits} acknowledged commits of members, of ${minCommits} at least`] : []),
    ...(handovers < minHandovers ? [`only ${handovers} partitions changed hands, of ${minHandovers} at least`] : []),
    ...consumed.filter(isUnread).map(({ key }) => `what ${key} committed was not read after the last record`),
  ]
}

function handoversOf({ claims }: GroupPartition): number {
  const inTurn = claims.toSorted((left, right) => left.epoch - right.epoch)
  return inTurn.filter(({ member }, at) => at > 0 && member !== inTurn[at - 1]?.member).length
}

/** Whether records were taken, or done with, after the last look at what is committed. */
function isUnread({ committed, polls, processed }: GroupPartition): boolean {
  const last = [...polls, ...processed].reduce((latest, { return: at }) => Math.max(latest, at), -1)
  return !committed.some(({ call }) => call > last)
}
