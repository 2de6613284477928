/** A `GroupStore` in memory, each request in one step, with the faults of faults.ts. */
import type { Claim, ClaimOutcome, ClaimTarget, GroupStore, MembersOutcome } from "../../functions/groups/ports.ts"
import { FaultyRequests, type Interceptor, type OperationOf } from "./faults.ts"
import { GroupStoreState } from "./group-store-state.ts"

/** A claim of several partitions is a request for each; `members` is two: for the state, then for what was seen. */
export type GroupOperation = OperationOf<GroupStore>

export interface MemoryGroupStore extends GroupStore {
  /** Counts by kind; its `interceptor` may be set and cleared at any time. */
  readonly requests: FaultyRequests<GroupOperation>
}

/** Requests that change nothing, so that one of which nothing was heard had no effect. */
export const groupReads: readonly (keyof GroupStore)[] = ["read", "list", "members"]

export function createMemoryGroupStore(interceptor?: Interceptor<GroupOperation>): MemoryGroupStore {
  const state = new GroupStoreState()
  const requests = new FaultyRequests<GroupOperation>((name) => groupReads.includes(name), interceptor)
  return {
    requests,
    commit: (...args) => requests.run({ name: "commit", args }, () => state.commit(...args)),
    claim: (...args) => claim(state, requests, ...args),
    read: (...args) => requests.run({ name: "read", args }, () => state.read(...args)),
    list: (...args) => requests.run({ name: "list", args }, () => state.list(...args)),
    delete: (...args) => requests.run({ name: "delete", args }, () => state.delete(...args)),
    forgetTopic: (...args) => requests.run({ name: "forgetTopic", args }, () => state.forgetTopic(...args)),
    touch: (...args) => requests.run({ name: "touch", args }, () => state.touch(...args)),
    members: (group) => members(state, requests, group),
    replaceMembers: (...args) => requests.run({ name: "replaceMembers", args }, () => state.replaceMembers(...args)),
  }
}

/** Each target by itself, and all of them tried: one that fails takes back nothing of the others. */
async function claim(
  state: GroupStoreState,
  requests: FaultyRequests<GroupOperation>,
  group: string,
  targets: readonly ClaimTarget[],
  epoch: number,
): Promise<ClaimOutcome> {
  const outcomes = await Promise.all(
    targets.map((target) =>
      requests.run({ name: "claim", args: [group, [target], epoch] }, () => state.claim(group, target, epoch)),
    ),
  )
  const claims: Claim[] = []
  for (const outcome of outcomes) {
    if (outcome.kind === "unavailable") return { ...outcome, sideEffects: "unknown" }
    claims.push(outcome)
  }
  return { kind: "claims", claims }
}

async function members(
  state: GroupStoreState,
  requests: FaultyRequests<GroupOperation>,
  group: string,
): Promise<MembersOutcome> {
  const read = await requests.run({ name: "members", args: [group] }, () => ({
    kind: "state" as const,
    state: state.state(group),
  }))
  if (read.kind === "unavailable") return read
  return requests.run({ name: "members", args: [group] }, () => ({
    kind: "members",
    ...(read.state && { state: read.state }),
    seen: state.seen(group),
  }))
}
