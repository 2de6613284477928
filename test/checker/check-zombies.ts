/** Who lost a partition commits nothing more: its next owner's claim, or a reset, has a higher epoch. */
import type { Anomaly } from "./anomaly.ts"
import { type Mark, withHighestBefore } from "./check-time.ts"
import { type GroupPartition, groupPartitions, readings } from "./group-history.ts"
import type { AssignOperation, ClaimOperation, CommitOperation, Operation } from "./operation.ts"

export function checkZombies(history: readonly Operation[]): Anomaly[] {
  const assigned = history.filter((operation) => operation.f === "assign" && operation.type === "ok")
  const byGroup = Map.groupBy(assigned as readonly AssignOperation[], ({ key }) => key)
  return groupPartitions(history).flatMap((partition) => {
    const told = byGroup.get(partition.key.slice(0, partition.key.indexOf(":"))) ?? []
    const fences = [...partition.claims.map(fenceOfClaim), ...fencesOfResets(partition, told)]
    return [...takenLate(partition, fences), ...landedLate(partition, fences)]
  })
}

/** From `at` on nobody of a lower epoch than `offset` commits. */
interface Fence extends Mark {
  /** Where the partition was then, if that is known. */
  readonly begins: number | undefined
}

function fenceOfClaim({ return: at, id, epoch, offset }: ClaimOperation): Fence {
  return { at, id, offset: epoch, begins: offset }
}

/** A reset has a higher epoch than everything that members had been told before it. */
function fencesOfResets({ resets }: GroupPartition, told: readonly AssignOperation[]): Fence[] {
  return resets
    .filter(({ type }) => type === "ok")
    .map(({ call, return: at, id, offset }) => {
      const known = told.filter((assigned) => assigned.return < call).map(({ epoch }) => epoch)
      return { at, id, offset: Math.max(0, ...known) + 1, begins: offset ?? undefined }
    })
}

function takenLate({ key, commits }: GroupPartition, fences: readonly Fence[]): Anomaly[] {
  const taken = commits.filter((commit) => commit.type === "ok").filter(hasEpoch)
  return [...withHighestBefore(taken, fences)]
    .filter(({ operation, highest }) => operation.epoch < highest.offset)
    .map(({ operation: { id, epoch }, highest }) => {
      const detail = `commit ${id} under epoch ${epoch} was taken, after ${highest.id} under epoch ${highest.offset}`
      return { kind: "zombie-commit", key, detail }
    })
}

function hasEpoch(commit: CommitOperation): commit is CommitOperation & { readonly epoch: number } {
  return commit.epoch !== undefined
}

/** What nobody was answered shows in what is read later: an offset that only a commit of a lower epoch names. */
function landedLate(partition: GroupPartition, fences: readonly Fence[]): Anomaly[] {
  const { key } = partition
  const byOffset = Map.groupBy(partition.commits, ({ offset }) => offset)
  const begins = new Map(fences.map((fence) => [fence.id, fence.begins]))
  const read = readings(partition).filter(({ by }) => by.f !== "commit")
  const later = read.map(({ by, offset }) => ({ ...by, offset }))
  return [...withHighestBefore(later, fences)].flatMap(({ operation, highest }): Anomaly[] => {
    const from = begins.get(highest.id)
    if (from === undefined || from === operation.offset || isReset(partition, operation)) return []
    const named = (byOffset.get(operation.offset) ?? []).filter(({ call }) => call < operation.return)
    const stale = named.find(({ epoch }) => epoch !== undefined && epoch < highest.offset)
    const isExplained = named.some(({ epoch, type }) => type !== "fail" && (epoch ?? highest.offset) >= highest.offset)
    if (stale === undefined || isExplained) return []
    const detail = `${operation.f} ${operation.id} says ${operation.offset}, of commit ${stale.id} under epoch ${stale.epoch}; ${highest.id} had taken over under ${highest.offset}`
    return [{ kind: "zombie-commit", key, detail }]
  })
}

function isReset({ resets }: GroupPartition, reading: { readonly return: number; readonly offset: number }): boolean {
  return resets.some(({ call, offset }) => call < reading.return && offset === reading.offset)
}
