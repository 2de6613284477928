/**
 * A partition has one owner at a time. A member has it from when it is told so, as long as the group takes requests that
 * say it still has it: until the member gives it up, and in no case longer than is known (it may have been expelled since).
 */
import type { Anomaly } from "./anomaly.ts"
import type { AssignOperation, Operation } from "./operation.ts"

interface Hold {
  readonly member: string
  readonly told: AssignOperation
  /** It had the partition from when it was told until then at least. */
  until: number
}

export function checkOwners(history: readonly Operation[]): Anomaly[] {
  const assigned = history.filter((operation) => operation.f === "assign")
  return [...Map.groupBy(assigned, ({ key }) => key)].flatMap(([group, operations]) => {
    const holds = new Map<string, Hold[]>()
    for (const ofMember of Map.groupBy(operations, ({ member }) => member).values()) noteHolds(ofMember, holds)
    return [...holds].flatMap(([partition, found]) => overlaps(`${group}:${partition}`, found))
  })
}

/** The holds of one member, to those of the others. */
function noteHolds(operations: readonly AssignOperation[], holds: Map<string, Hold[]>): void {
  let present = new Map<string, Hold>()
  for (const operation of operations.toSorted((left, right) => left.call - right.call)) {
    const { args, type, value, member } = operation
    const owned = new Set(args.epoch > 0 ? args.owned : [])
    present = new Map([...present].filter(([partition]) => type !== "fail" && owned.has(partition)))
    if (type !== "ok") continue
    for (const hold of present.values()) hold.until = operation.call
    for (const partition of value) {
      if (present.has(partition)) continue
      const hold = { member, told: operation, until: operation.return }
      present.set(partition, hold)
      const ofPartition = holds.get(partition) ?? []
      holds.set(partition, ofPartition)
      ofPartition.push(hold)
    }
  }
}

function overlaps(key: string, holds: readonly Hold[]): Anomaly[] {
  const anomalies: Anomaly[] = []
  let longest: Hold | undefined
  for (const hold of holds.toSorted((left, right) => left.told.return - right.told.return)) {
    const { told, member, until } = hold
    const isCertain = until > told.return
    if (!isCertain) continue
    if (longest !== undefined && longest.member !== member && told.return < longest.until) {
      const detail = `${member} was told in ${told.id} that it has it, which ${longest.member} had since ${longest.told.id}`
      anomalies.push({ kind: "double-owner", key, detail })
    }
    if (longest === undefined || until > longest.until) longest = hold
  }
  return anomalies
}
