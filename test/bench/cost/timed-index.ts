/**
 * An index in memory that takes the time of DynamoDB, bills by its rules, and gives no partition key more than its budget:
 * what DynamoDB Local does not show.
 */
import { writeUnits } from "stratalog/cost"
import type { PartitionRef, Unavailable } from "../../../functions/log/ports.ts"
import type { CommitHeadOutcome, PartitionIndex } from "../../../functions/partitions/ports.ts"
import { itemSize } from "../../../functions/storage/aws/dynamodb/codec/item-size.ts"
import { headKey, pageKey, pagesKey } from "../../../functions/storage/aws/dynamodb/codec/keys.ts"
import { encodePage } from "../../../functions/storage/aws/dynamodb/codec/page.ts"
import { indexSizes } from "../../../functions/storage/aws/dynamodb/index-sizes.ts"
import { createMemoryPartitionIndex } from "../../fakes/memory-partition-index.ts"
import type { HotKeyBudget } from "./hot-key-budget.ts"
import type { VirtualTime } from "./virtual-time.ts"

export interface Bill {
  /** Write units of commits that took effect, of refused ones, and of pages. */
  committed: number
  refused: number
  pages: number
  commits: number
  refusals: number
  throttled: number
  headReads: number
}

export interface TimedIndexOptions {
  readonly time: VirtualTime
  readonly budget: HotKeyBudget
  /** From 0 to below 1. */
  readonly random: () => number
}

/** A write takes 3 to 7 ms, half of it each way. */
const FASTEST_MS = 3
const SPREAD_MS = 4

const THROTTLED: Unavailable = {
  kind: "unavailable",
  reason: "throttled",
  sideEffects: "none",
  detail: "more than this partition key's write units a second",
}

export function timedIndex({ time, budget, random }: TimedIndexOptions): { index: PartitionIndex; bill: Bill } {
  const inner = createMemoryPartitionIndex()
  const bill: Bill = { committed: 0, refused: 0, pages: 0, commits: 0, refusals: 0, throttled: 0, headReads: 0 }
  const heads = new Map<string, number>()

  async function timed<Outcome>(key: string, effect: () => Promise<Outcome>): Promise<Outcome | Unavailable> {
    const halfMs = (FASTEST_MS + SPREAD_MS * random()) / 2
    await time.sleep(halfMs)
    const isLetIn = budget.lets(key)
    if (!isLetIn) bill.throttled += 1
    const outcome = isLetIn ? await effect() : THROTTLED
    await time.sleep(halfMs)
    return outcome
  }

  function charge(partition: PartitionRef, outcome: CommitHeadOutcome): CommitHeadOutcome {
    if (outcome.kind !== "committed" && outcome.kind !== "refused") return outcome
    const key = keyOf(partition)
    const after = indexSizes.head(outcome.head)
    const units = writeUnits(Math.max(after, heads.get(key) ?? 0))
    heads.set(key, after)
    budget.take(key, units)
    if (outcome.kind === "committed") {
      bill.commits += 1
      bill.committed += units
    } else {
      bill.refusals += 1
      bill.refused += units
    }
    return outcome
  }

  return {
    bill,
    index: {
      ...inner,
      head: async (partition) => {
        bill.headReads += 1
        await time.sleep(FASTEST_MS)
        return inner.head(partition)
      },
      commit: (partition, commit) =>
        timed(keyOf(partition), async () => charge(partition, await inner.commit(partition, commit))),
      putPage: (partition, page) =>
        timed(pagesKey(partition), () => {
          const units = writeUnits(itemSize({ ...pageKey(partition, page.endOffset), ...encodePage(page) }))
          bill.pages += units
          budget.take(pagesKey(partition), units)
          return inner.putPage(partition, page)
        }),
    },
  }
}

function keyOf(partition: PartitionRef): string {
  return headKey(partition).pk.S
}
