/** May these offsets be committed, as far as the topics and their logs tell? Whether one would go back, the storage tells. */
import { limits } from "stratalog/protocol"

export interface CommitRequest {
  readonly topic: string
  /** Of the topic that is meant; absent: whichever has the name. */
  readonly topicId?: string | undefined
  readonly partition: number
  /** The next offset to read. */
  readonly offset: number
  readonly metadata: string
}

/** What a commit names, as it was found. */
export type CommitTarget =
  | { readonly kind: "topic_not_found" }
  | { readonly kind: "partition_not_found"; readonly partitions: number }
  /** The member that commits may not read it (any more). */
  | { readonly kind: "not_held" }
  | { readonly kind: "partition"; readonly topicId: string; readonly highWatermark: number }

export type CommitRefusalReason =
  | Exclude<CommitTarget, { kind: "partition" }>
  /** An earlier entry of the call names the same partition. */
  | { readonly kind: "named_twice" }
  | { readonly kind: "metadata_too_large"; readonly bytes: number; readonly maxBytes: number }
  /** What was never written cannot have been read. */
  | { readonly kind: "beyond_end"; readonly highWatermark: number }
  | { readonly kind: "regressed"; readonly committed: number }
  /** Somebody else owns the partition by now. */
  | { readonly kind: "fenced"; readonly epoch: number }

export type CommitRefusal = CommitRefusalReason & {
  /** Which entry of the call, from 0. */
  readonly index: number
  readonly topic: string
  readonly partition: number
}

/** A commit and what it names. */
export interface ResolvedCommit {
  readonly request: CommitRequest
  readonly target: CommitTarget
}

/** Every entry that has to be refused, with its reason, in the order of the call. */
export function refuseCommits(commits: readonly ResolvedCommit[]): CommitRefusal[] {
  const named = new Set<string>()
  return commits.flatMap(({ request, target }, index) => {
    const { topic, partition } = request
    const key = `${topic}/${partition}`
    const reason: CommitRefusalReason | undefined = named.has(key) ? { kind: "named_twice" } : refuse(request, target)
    named.add(key)
    return reason === undefined ? [] : [{ ...reason, index, topic, partition }]
  })
}

function refuse(request: CommitRequest, target: CommitTarget): CommitRefusalReason | undefined {
  if (target.kind !== "partition") return target
  if (request.offset > target.highWatermark) return { kind: "beyond_end", highWatermark: target.highWatermark }
  const bytes = new TextEncoder().encode(request.metadata).length
  const maxBytes = limits.maxMetadataBytes
  return bytes > maxBytes ? { kind: "metadata_too_large", bytes, maxBytes } : undefined
}
