/** Reads both sides again and compares them record by record. */
import { createHash } from "node:crypto"
import { commonStart } from "./common-start.ts"
import { failure } from "./copy-failure.ts"
import { offsetsAt, type PartitionOf } from "./log-end.ts"
import type { CopyEnds, PartitionCopy } from "./partition-copy.ts"
import { addContent } from "./record-digest.ts"
import { alignBoth } from "./walk.ts"

export interface Verified extends PartitionOf {
  /** Records that both sides have. */
  readonly records: number
  /** Of the source only, where compaction of the target took them; and of the target only, since the source lost them. */
  readonly onlySource: number
  readonly onlyTarget: number
  /** SHA-256 over the contents of those that both have, in order. */
  readonly checksum: string
}

/** Fails where a record is missing, another, or in another place. */
export async function verifyCopy(
  ends: CopyEnds,
  { at, position }: PartitionCopy,
  mayLack: boolean,
  stop: AbortSignal | undefined,
): Promise<Verified> {
  const { logStartOffset } = await offsetsAt(ends.target, at, stop)
  const common = mayLack ? await commonStart(ends, at, logStartOffset, position, stop) : undefined
  const from = common ?? { source: logStartOffset, target: logStartOffset }
  const hash = createHash("sha256")
  const bounds = { ...position, until: "both" } as const
  const result = await alignBoth(ends, at, from, bounds, stop, (record) => addContent(hash, record))
  if (result.kind === "differ")
    throw different(at, `they differ at offset ${result.at.source} of the source, ${result.at.target} of the target`)
  const { same: records, onlySource, onlyTarget } = result
  if (onlySource > 0 && !mayLack) throw different(at, `the target lacks ${onlySource} records`)
  return { ...at, records, onlySource, onlyTarget, checksum: hash.digest("hex") }
}

function different({ topic, partition }: PartitionOf, what: string) {
  return failure("not_the_same", `Partition ${topic}:${partition} is not the same on both sides: ${what}.`, {
    advice: "Delete the topic at the target and copy it anew; where it happens again, report it.",
    topic,
    partition,
  })
}
