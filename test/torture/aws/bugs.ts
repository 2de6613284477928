/** Indexes with one bug each: what an adapter that knows nothing of the protocol would do. */
import { randomBytes } from "node:crypto"
import type {
  Commit,
  CommitHeadOutcome,
  Head,
  PartitionIndex,
  ReadHeadOutcome,
} from "../../../functions/partitions/ports.ts"

export type WrapIndex = (index: PartitionIndex) => PartitionIndex

const STALE_MS = 400

/** A commit without an answer is sent again as a new one, on any head, as if it could not have landed. */
const sendsAgain: WrapIndex = (index) => ({
  ...index,
  async commit(partition, commit): Promise<CommitHeadOutcome> {
    const first = await index.commit(partition, commit)
    if (first.kind !== "unavailable" || commit.entry === undefined || commit.tail.kind !== "append") return first
    return index.commit(partition, asNew(commit))
  },
})

function asNew(commit: Commit): Commit {
  const { entry } = commit
  return {
    ...commit,
    generation: { atMost: Number.MAX_SAFE_INTEGER },
    ...(entry && { entry: { ...entry, id: randomBytes(8).toString("hex") } }),
    producers: [],
  }
}

/** Heads are remembered for a while, as reads that are not consistent would have it. */
const staleHeads: WrapIndex = (index) => {
  const known = new Map<string, { readonly head: Head; readonly at: number }>()
  return {
    ...index,
    async head(partition): Promise<ReadHeadOutcome> {
      const key = `${partition.topicId}/${partition.partition}`
      const before = known.get(key)
      if (before !== undefined && performance.now() - before.at < STALE_MS) return { kind: "head", head: before.head }
      const read = await index.head(partition)
      if (read.kind === "head") known.set(key, { head: read.head, at: performance.now() })
      return read
    },
  }
}

/** Commits of appends ask for no producer's position. */
const forgetsProducers: WrapIndex = (index) => ({
  ...index,
  commit: (partition, commit) =>
    index.commit(partition, { ...commit, producers: commit.tail.kind === "append" ? [] : commit.producers }),
})

export const awsBugs: Readonly<Record<string, WrapIndex>> = {
  "sends-again": sendsAgain,
  "stale-heads": staleHeads,
  "forgets-producers": forgetsProducers,
}
