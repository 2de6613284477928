import type { DatabaseSync } from "node:sqlite"
import type {
  Claim,
  CommitOutcome,
  CommitTerms,
  CommittedOffset,
  GroupClaims,
  GroupOffsets,
} from "../../../groups/ports.ts"
import type { PartitionRef } from "../../../log/ports.ts"
import { CommittedOffsets } from "./committed-offsets.ts"
import type { GroupCommit } from "./group-commit.ts"
import { groupNames } from "./group-names.ts"
import { PartitionClaims } from "./partition-claims.ts"
import { query } from "./transaction.ts"

/** Committed offsets and claims in tables of their own: a commit writes the claim only where the owner is another one. */
export function createGroupOffsets(database: DatabaseSync, groupCommit: GroupCommit): GroupOffsets & GroupClaims {
  const offsets = new CommittedOffsets(database)
  const claims = new PartitionClaims(database)
  const names = groupNames(database)

  const commit = (group: string, commits: readonly CommittedOffset[], terms: CommitTerms): CommitOutcome => {
    const { epoch, mayGoBack } = terms
    const owners = epoch === undefined ? [] : commits.map(({ partition }) => claims.epochOf(group, partition))
    const fenced = commits.flatMap(({ partition }, index) => {
      const owner = owners[index] ?? 0
      return epoch !== undefined && owner > epoch ? [{ partition, epoch: owner }] : []
    })
    if (fenced.length > 0) return { kind: "fenced", fenced }
    const regressed = commits.flatMap(({ partition, offset }) => {
      const committed = mayGoBack === true ? 0 : offsets.offsetOf(group, partition)
      return committed > offset ? [{ partition, committed }] : []
    })
    if (regressed.length > 0) return { kind: "regressed", regressed }
    for (const [index, each] of commits.entries()) {
      offsets.write(group, each)
      if (epoch !== undefined && epoch !== owners[index]) claims.take(group, each.partition, epoch)
    }
    return { kind: "committed" }
  }

  const claim = (group: string, partition: PartitionRef, epoch: number): Claim => {
    const owner = claims.epochOf(group, partition)
    if (owner > epoch) return { kind: "fenced", epoch: owner }
    if (owner < epoch) claims.take(group, partition, epoch)
    const committed = offsets.find(group, partition)
    return { kind: "claimed", ...(committed && { committed }) }
  }

  return {
    commit: (group, commits, terms = {}) => groupCommit.run(() => commit(group, commits, terms)),
    claim: (group, targets, epoch) =>
      groupCommit.run(() => ({
        kind: "claims",
        claims: targets.map(({ partition }) => claim(group, partition, epoch)),
      })),
    read: (group) =>
      query(database, () => {
        const all = offsets.all(group)
        return all.length === 0 ? { kind: "not_found" } : { kind: "offsets", offsets: all }
      }),
    list: (request) => query(database, () => ({ kind: "page", ...names.page(request) })),
    delete: (group) =>
      groupCommit.run(() => {
        claims.removeGroup(group)
        return { kind: offsets.removeGroup(group) ? "deleted" : "not_found" }
      }),
    forgetTopic: (topicId) =>
      groupCommit.run(() => {
        offsets.removeTopic(topicId)
        claims.removeTopic(topicId)
        return { kind: "done" }
      }),
  }
}
