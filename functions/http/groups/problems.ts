/** What the use cases of groups answer, as errors of the API's table. */
import { type Problem, problem } from "stratalog/protocol"
import type { CommitRefusal } from "../../groups/commit/decide.ts"
import { notLocated } from "../problems.ts"

export function groupNotFound({ group }: { readonly group: string }): Problem {
  const detail = `There is no group ${group}: a group is there once it has committed an offset.`
  return problem("group_not_found", detail, { group })
}

/** The first refusal is the answer's own error; `results` has them all, by their place in the request. */
export function refusedCommits(refusals: readonly CommitRefusal[]): Problem {
  const [first, ...others] = refusals.map((refusal) => ({ refusal, error: refusedCommit(refusal) }))
  if (first === undefined) throw new Error("a refused commit names what stood in its way")
  const { code, detail } = first.error
  const more = others.length === 0 ? "" : ` ${others.length} more stood in the way: see results.`
  const results = [first, ...others].map(({ refusal: { index, topic, partition }, error }) => {
    return { index, topic, partition, error }
  })
  return problem(code, `offsets[${first.refusal.index}]: ${detail} Nothing was committed.${more}`, { results })
}

function refusedCommit(refusal: CommitRefusal): Problem {
  const { topic, partition, index } = refusal
  switch (refusal.kind) {
    case "topic_not_found":
      return notLocated({ kind: "topic_not_found", topic })
    case "partition_not_found":
      return notLocated({ kind: "partition_not_found", topic, partition, partitions: refusal.partitions })
    case "named_twice":
      return invalidEntry(`offsets[${index}]`, "names a partition that an earlier entry names; commit it once")
    case "metadata_too_large":
      return invalidEntry(
        `offsets[${index}].metadata`,
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
