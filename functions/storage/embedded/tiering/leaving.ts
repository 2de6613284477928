import type { JournalLog, JournalPartition } from "../journal/index.ts"
import { decideTieredTo, isMostlyDead } from "./decide.ts"
import { heldFiles } from "./held-files.ts"

/** Up to where partitions are to leave the journal, by what its files hold now. */
export function leaving(
  journal: Pick<JournalLog, "sealedFiles">,
  isCompacted: (topicId: string) => boolean,
): (partition: JournalPartition) => number {
  const sealed = journal.sealedFiles()
  // Most of the time no file is dead enough, and no partition need be looked at.
  const files = sealed.slice(0, sealed.findLastIndex(isMostlyDead) + 1)
  return (partition) =>
    decideTieredTo({
      isCompacted: isCompacted(partition.topic.id),
      highWatermark: partition.committed.nextOffset,
      files: heldFiles(partition, files),
    })
}
