/** The operations on one partition by one group, and what resets allow. */
import type {
  ClaimOperation,
  CommitOperation,
  CommittedOperation,
  Operation,
  PollOperation,
  ProcessOperation,
  ResetOperation,
} from "./operation.ts"

export interface GroupPartition {
  /** `group:topic/0` */
  readonly key: string
  /** Whatever became of them. */
  readonly commits: CommitOperation[]
  readonly committed: CommittedOperation[]
  readonly claims: ClaimOperation[]
  readonly polls: PollOperation[]
  readonly processed: ProcessOperation[]
  /** Those that may have had an effect. */
  readonly resets: ResetOperation[]
}

/** Somebody learns how far the group is: a commit that was taken, a committed offset that was read, a claim. */
export type Reading = CommitOperation | CommittedOperation | ClaimOperation

export function groupPartitions(history: readonly Operation[]): GroupPartition[] {
  const found = new Map<string, GroupPartition>()
  const at = (key: string): GroupPartition => {
    const known = found.get(key)
    if (known !== undefined) return known
    const made = { key, commits: [], committed: [], claims: [], polls: [], processed: [], resets: [] }
    found.set(key, made)
    return made
  }
  for (const operation of history) {
    const { f, type } = operation
    if (f === "commit") at(operation.key).commits.push(operation)
    else if (f === "reset" && type !== "fail") at(operation.key).resets.push(operation)
    else if (type !== "ok") continue
    else if (f === "committed") at(operation.key).committed.push(operation)
    else if (f === "claim") at(operation.key).claims.push(operation)
    else if (f === "poll") at(operation.key).polls.push(operation)
    else if (f === "process") at(operation.key).processed.push(operation)
  }
  return [...found.values()]
}

/** Members consume it; where nobody claims, offsets are only committed and read. */
export function isConsumed({ claims, polls }: GroupPartition): boolean {
  return claims.length > 0 || polls.length > 0
}

/** -1: nothing is committed. A claim tells nothing where it knows no offset yet. */
export function readings({ commits, committed, claims }: GroupPartition): { by: Reading; offset: number }[] {
  return [
    ...commits.filter(({ type }) => type === "ok").map((by) => ({ by, offset: by.offset })),
    ...committed.map((by) => ({ by, offset: by.offset ?? -1 })),
    ...claims.flatMap((by) => (by.offset === undefined ? [] : [{ by, offset: by.offset }])),
  ]
}
