/** Moves a tail into a page, and producers out of the head. */
import type { PartitionRef, Unavailable } from "../../log/ports.ts"
import type { AppendDeps } from "../dependencies.ts"
import { type Commit, type CommitHeadOutcome, type Head, tailBase } from "../ports.ts"

export type PutTailOutcome = { readonly kind: "done" } | Unavailable

/** The whole tail as this head has it. Whoever else rolls puts a page that is as true. */
export async function putTail(deps: AppendDeps, partition: PartitionRef, head: Head): Promise<PutTailOutcome> {
  if (head.tail.length === 0) return { kind: "done" }
  return deps.index.putPage(partition, {
    baseOffset: tailBase(head),
    endOffset: head.nextOffset,
    entries: head.tail,
    storedAt: deps.clock.now(),
  })
}

export type SpillOutcome = { readonly kind: "spilled"; readonly evict: Commit["evict"] } | Unavailable

/** Written before the head forgets them, and forgotten only if they are where they were. */
export async function spill(
  { index }: AppendDeps,
  partition: PartitionRef,
  head: Head,
  ids: readonly number[],
): Promise<SpillOutcome> {
  const evict = ids.flatMap((id) => {
    const position = head.producers.get(id)
    return position === undefined ? [] : [{ id, position }]
  })
  const writes = evict.map(({ id, position }) => index.spillProducer(partition, id, position))
  const failed = (await Promise.all(writes)).find((outcome) => outcome.kind === "unavailable")
  return failed?.kind === "unavailable" ? failed : { kind: "spilled", evict }
}

/**
 * The roll of somebody who has nothing to append with it, while others append: drops exactly what the page holds. Whatever
 * becomes of it, nothing is lost: a page that nobody trimmed for is as true as the tail it was made from.
 */
export async function rollTail(deps: AppendDeps, partition: PartitionRef, head: Head): Promise<CommitHeadOutcome> {
  const put = await putTail(deps, partition, head)
  if (put.kind === "unavailable") return put
  for (let tries = 0; ; tries += 1) {
    const dropped = await deps.index.commit(partition, {
      generation: { exactly: head.generation },
      nextGeneration: head.generation + 1,
      tail: { kind: "drop", count: head.tail.length, bytes: head.tailBytes },
      producers: [],
      evict: [],
    })
    const isThrottled = dropped.kind === "unavailable" && dropped.reason === "throttled"
    if (!isThrottled || tries === DROP_TRIES) return dropped
    await deps.timer.sleep(DROP_PAUSE_MS * deps.random())
  }
}

/** A roller that is throttled comes back at once: until the tail is dropped everybody's appends are the dearer. */
const DROP_TRIES = 8
const DROP_PAUSE_MS = 10
