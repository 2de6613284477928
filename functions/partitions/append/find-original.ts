/** Where a batch lies that its producer sent again. */
import type { AppendEntry, PartitionRef } from "../../log/ports.ts"
import type { AppendDeps } from "../dependencies.ts"
import { type FoundSequence, findSequence, tailEntries, withOffsets } from "../head.ts"
import { type Head, tailBase } from "../ports.ts"

/** One look into the index: thousands of small appends. What lies further back is answered without its offset. */
const SEARCHED_BYTES = 1024 * 1024

export async function findOriginal(
  { index }: AppendDeps,
  partition: PartitionRef,
  head: Head,
  { producer, recordCount }: AppendEntry,
): Promise<FoundSequence | undefined> {
  if (producer === undefined) return undefined
  const inTail = findSequence(tailEntries(head), producer, recordCount)
  if (inTail !== undefined) return inTail
  const end = tailBase(head)
  if (end <= head.tieredTo) return undefined
  const read = await index.pagesUpTo(partition, end, SEARCHED_BYTES)
  if (read.kind === "unavailable") return undefined
  for (const page of read.pages) {
    if (page.endOffset <= head.tieredTo) break
    const found = findSequence(withOffsets(page.entries, page.baseOffset), producer, recordCount)
    if (found !== undefined) return found
  }
  return undefined
}
