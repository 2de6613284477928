/** What the use cases of groups answer, as errors of the API's table. */
import { type Problem, problem } from "stratalog/protocol"
import type { CommitRefusal } from "../../groups/commit/decide.ts"
import type { EmptyGroupResult } from "../../groups/membership/empty-group.ts"
import type { MemberRefusal } from "../../groups/membership/take-part.ts"
import type { AssignedPartition } from "../../groups/poll/assigned.ts"
import type { PartitionProblem } from "../../groups/poll/read-from.ts"
import { corrupt, notLocated, unavailable } from "../problems.ts"

export function groupNotFound({ group }: { readonly group: string }): Problem {
  const detail = `There is no group ${group}: a group is there once it has a member or a committed offset.`
  return problem("group_not_found", detail, { group })
}

/** Those of `members` that say most of it. */
const NAMED_MEMBERS = 10

function groupNotEmpty(
  { group }: { readonly group: string },
  { members }: { readonly members: readonly string[] },
): Problem {
  const named = members.slice(0, NAMED_MEMBERS)
  const more = members.length > named.length ? ` and ${members.length - named.length} more` : ""
  return problem("group_not_empty", `Group ${group} has members: ${named.join(", ")}${more}.`, {
    group,
    members: named,
  })
}

/** A member and the group that it asks for. */
export interface MemberName {
  readonly group: string
  readonly member: string
}

export function memberRefused({ group, member }: MemberName, refusal: MemberRefusal): Problem {
  switch (refusal.kind) {
    case "member_not_found":
      return memberNotFound({ group, member })
    case "fenced": {
      const { memberEpoch } = refusal
      const detail = `Member ${member} of group ${group} is at epoch ${memberEpoch} by now, and what it says it reads is not all its own.`
      return problem("member_fenced", detail, { memberEpoch })
    }
    case "group_full":
      return problem("group_full", `Group ${group} has no room for what member ${member} asks.`, { group })
    case "topics_missing": {
      const errors = [{ path: "topics", message: "is missing; a member that joins says what it subscribes to" }]
      return problem("invalid_request", `Member ${member} joins group ${group}: say the topics it subscribes to.`, {
        errors,
      })
    }
    case "contended":
      return groupContended({ group })
    case "unavailable":
      return unavailable(refusal)
  }
}

export function memberNotFound({ group, member }: MemberName): Problem {
  return problem("member_not_found", `Group ${group} has no member ${member}.`, { group, memberId: member })
}

/** Why nobody could be kept out of a group, to write to it from outside. */
export function groupRefused(
  { group }: { readonly group: string },
  refusal: Exclude<EmptyGroupResult, { kind: "empty" }>,
): Problem {
  switch (refusal.kind) {
    case "group_not_empty":
      return groupNotEmpty({ group }, refusal)
    case "contended":
      return groupContended({ group })
    case "unavailable":
      return unavailable(refusal)
  }
}

function groupContended({ group }: { readonly group: string }): Problem {
  return problem("concurrent_change", `Others changed group ${group} again and again at the same moment.`, { group })
}

/** There is nothing to shift. */
export function noCommittedOffset({
  topic,
  partition,
}: {
  readonly topic: string
  readonly partition: number
}): Problem {
  const detail = `The group committed nothing of partition ${partition} of topic ${topic}: there is nothing to shift.`
  return problem("no_committed_offset", detail, { topic, partition })
}

/** Why one partition of a poll could not be read. */
export function polledProblem(
  { topic, partition: { partition } }: AssignedPartition,
  reason: PartitionProblem,
): Problem {
  switch (reason.kind) {
    case "no_committed_offset": {
      const detail = `Partition ${partition} of topic ${topic} has no committed offset that is still there, and autoOffsetReset is none.`
      return problem("no_committed_offset", detail, { topic, partition })
    }
    case "fenced": {
      const detail = `Partition ${partition} of topic ${topic} has another owner by now, of epoch ${reason.epoch}.`
      return problem("member_fenced", detail, { ownerEpoch: reason.epoch })
    }
    case "topic_not_found":
      return notLocated({ kind: "topic_not_found", topic })
    case "corrupt":
      return corrupt(reason)
    case "unavailable":
      return unavailable(reason)
  }
}

/**
 * The first refusal is the answer's own error; `results` has them all, by their place in the request's list, which is
 * called `list`.
 */
export function refusedCommits(refusals: readonly CommitRefusal[], list: "offsets" | "commit"): Problem {
  const [first, ...others] = refusals.map((refusal) => ({ refusal, error: refusedCommit(refusal, list) }))
  if (first === undefined) throw new Error("a refused commit names what stood in its way")
  const { code, detail } = first.error
  const more = others.length === 0 ? "" : ` ${others.length} more stood in the way: see results.`
  const results = [first, ...others].map(({ refusal: { index, topic, partition }, error }) => {
    return { index, topic, partition, error }
  })
  return problem(code, `${list}[${first.refusal.index}]: ${detail} Nothing was committed.${more}`, { results })
}

function refusedCommit(refusal: CommitRefusal, list: string): Problem {
  const { topic, partition, index } = refusal
  switch (refusal.kind) {
    case "topic_not_found":
      return notLocated({ kind: "topic_not_found", topic })
    case "partition_not_found":
      return notLocated({ kind: "partition_not_found", topic, partition, partitions: refusal.partitions })
    case "not_held": {
      const detail = `Partition ${partition} of topic ${topic} is not the member's (any more).`
      return problem("member_fenced", detail, { topic, partition })
    }
    case "named_twice":
      return invalidEntry(`${list}[${index}]`, "names a partition that an earlier entry names; commit it once")
    case "metadata_too_large":
      return invalidEntry(
        `${list}[${index}].metadata`,
        `takes ${refusal.bytes} bytes in UTF-8; ${refusal.maxBytes} are allowed`,
      )
    case "beyond_end": {
      const { highWatermark } = refusal
      const detail = `Partition ${partition} of topic ${topic} has the high watermark ${highWatermark}: nobody can have read further.`
      return problem("offset_beyond_end", detail, { highWatermark })
    }
    case "regressed": {
      const { committed } = refusal
      const detail = `Partition ${partition} of topic ${topic} is at the committed offset ${committed}, which only moves forward.`
      return problem("offset_regression", detail, { committedOffset: committed })
    }
    case "fenced": {
      const detail = `Partition ${partition} of topic ${topic} has another owner by now, of epoch ${refusal.epoch}.`
      return problem("member_fenced", detail, { ownerEpoch: refusal.epoch })
    }
  }
}

function invalidEntry(path: string, message: string): Problem {
  return problem("invalid_request", `It ${message}.`, { errors: [{ path, message }] })
}
