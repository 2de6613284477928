/** Claims and commits of a group as plain maps, and the calls to compare them with a storage by. */
import fc from "fast-check"
import type { Claim, CommitOutcome, CommittedOffset } from "../../functions/groups/ports.ts"

interface CommitStep {
  readonly kind: "commit"
  readonly commits: Readonly<Record<string, number>>
  readonly epoch?: number
  readonly mayGoBack?: boolean
}

const partitions = fc.integer({ min: 0, max: 3 })
const epochs = fc.integer({ min: 1, max: 5 })
export const claimsSteps = fc.oneof(
  fc.record({
    kind: fc.constant("claim" as const),
    partitions: fc.uniqueArray(partitions, { minLength: 1 }),
    epoch: epochs,
  }),
  fc.record(
    {
      kind: fc.constant("commit" as const),
      commits: fc.dictionary(partitions.map(String), fc.integer({ min: 0, max: 8 }), { minKeys: 1 }),
      epoch: epochs,
      mayGoBack: fc.boolean(),
    },
    { requiredKeys: ["kind", "commits"] },
  ),
)

/** What a group's partitions go through, one call at a time. */
export class ClaimsModel {
  readonly #owners = new Map<number, number>()
  readonly #commits = new Map<number, CommittedOffset>()

  claim(partition: number, epoch: number): Claim {
    const owner = this.#owners.get(partition) ?? 0
    if (owner > epoch) return { kind: "fenced", epoch: owner }
    this.#owners.set(partition, epoch)
    const committed = this.#commits.get(partition)
    return { kind: "claimed", ...(committed && { committed }) }
  }

  commit(
    commits: readonly CommittedOffset[],
    { epoch, mayGoBack }: Omit<CommitStep, "kind" | "commits">,
  ): CommitOutcome {
    const ownerOf = ({ partition: { partition } }: CommittedOffset) => this.#owners.get(partition) ?? 0
    const offsetOf = ({ partition: { partition } }: CommittedOffset) => this.#commits.get(partition)?.offset ?? 0
    const fenced = commits.filter((each) => epoch !== undefined && ownerOf(each) > epoch)
    if (fenced.length > 0) {
      return { kind: "fenced", fenced: fenced.map((each) => ({ partition: each.partition, epoch: ownerOf(each) })) }
    }
    const back = commits.filter((each) => mayGoBack !== true && each.offset < offsetOf(each))
    if (back.length > 0) {
      const regressed = back.map((each) => ({ partition: each.partition, committed: offsetOf(each) }))
      return { kind: "regressed", regressed }
    }
    for (const each of commits) {
      const { partition } = each.partition
      this.#commits.set(partition, each)
      if (epoch !== undefined) this.#owners.set(partition, epoch)
    }
    return { kind: "committed" }
  }

  offsets(): readonly CommittedOffset[] {
    return [...this.#commits.values()].sort((a, b) => a.partition.partition - b.partition.partition)
  }
}
