/** Storages that break one rule of the protocol each: the simulation has to notice every one of them. */
import type { Commit, PartitionIndex } from "../../../functions/partitions/ports.ts"
import type { BreakIndex } from "./world.ts"

/** Commits that are changed on their way, so that a condition is not asked. */
function withCommits(change: (commit: Commit) => Commit): BreakIndex {
  return (index) => replacing(index, { commit: (partition, commit) => index.commit(partition, change(commit)) })
}

function replacing(index: PartitionIndex, methods: Partial<PartitionIndex>): PartitionIndex {
  return { ...index, ...methods }
}

let fresh = 0
/** Another id, so that an entry that is in the tail already is not recognised. */
const renamed = () => `f${(++fresh).toString(16).padStart(15, "0")}`

export const brokenIndexes: Readonly<Record<string, BreakIndex>> = {
  "the generation is not asked": withCommits((commit) => ({
    ...commit,
    generation: commit.tail.kind === "append" ? { atMost: Number.MAX_SAFE_INTEGER } : commit.generation,
    ...(commit.tail.kind === "append" && { producers: commit.producers.map(({ evenIfSpilled: _, ...rest }) => rest) }),
  })),
  "an entry is not looked for in the tail": withCommits((commit) =>
    commit.entry === undefined ? commit : { ...commit, entry: { ...commit.entry, id: renamed() } },
  ),
  "a lost attempt is not outrun": (index) =>
    replacing(index, {
      async commit(partition, commit) {
        const isFence = commit.tail.kind === "drop" && commit.tail.count === 0
        if (!isFence) return index.commit(partition, commit)
        const read = await index.head(partition)
        return read.kind === "head" ? { kind: "committed", head: read.head } : read
      },
    }),
  "a page is not written": (index) => replacing(index, { putPage: async () => ({ kind: "done" }) }),
  "a spilled producer is not written": (index) => replacing(index, { spillProducer: async () => ({ kind: "done" }) }),
  "an offset that was asked for is not asked": withCommits((commit) => {
    const { nextOffset: _, ...blind } = commit
    return commit.tail.kind === "append" ? blind : commit
  }),
  "a tail is replaced though it grew": (index) =>
    replacing(index, {
      async commit(partition, commit) {
        if (commit.tail.kind !== "replace") return index.commit(partition, commit)
        const read = await index.head(partition)
        if (read.kind !== "head") return read
        return index.commit(partition, { ...commit, nextOffset: read.head.nextOffset })
      },
    }),
}
