import type { JournalLog, JournalPartition } from "../journal/index.ts"
import type { HeldFile } from "./decide.ts"

/** What a partition has in each of the journal's sealed files; its bytes in a file are taken from its average batch. */
export function heldFiles({ index }: JournalPartition, files: ReturnType<JournalLog["sealedFiles"]>): HeldFile[] {
  if (index.length === 0) return []
  const bytesPerBatch = index.bytes / index.length
  const held: HeldFile[] = []
  let from = 0
  for (const { number, end, liveBytes } of files) {
    if (from === index.length) break
    const to = index.findFile(number + 1)
    if (to === from) continue
    const last = index.at(to - 1)
    const ownBytes = Math.min(liveBytes, (to - from) * bytesPerBatch)
    held.push({ end, liveBytes, ownBytes, endOffset: last.baseOffset + last.recordCount })
    from = to
  }
  return held
}
