/** Which part of a partition leaves the journal for segments. */

/** One sealed file of the journal, and what a partition has in it. */
export interface HeldFile {
  /** Bytes of the file. */
  readonly end: number
  /** Bytes of its batches that can still be read, all partitions together. */
  readonly liveBytes: number
  /** Of these, the partition's. */
  readonly ownBytes: number
  /** The offset behind the partition's last batch in this file. */
  readonly endOffset: number
}

export interface TieringInput {
  readonly isCompacted: boolean
  readonly highWatermark: number
  /** The files that hold batches of the partition, oldest first, without the one that is being written. */
  readonly files: readonly HeldFile[]
}

/** A file of which less can still be read than this share is worth freeing. */
const MOSTLY_DEAD = 1 / 4

export function isMostlyDead({ end, liveBytes }: Pick<HeldFile, "end" | "liveBytes">): boolean {
  return liveBytes < end * MOSTLY_DEAD
}

/**
 * The offset up to which a partition is to lie in segments; 0: it stays in the journal.
 *
 * The journal is where records are cheapest to keep: they are there already, and retention frees them a file at a time.
 * Moving them writes them again. That pays in two cases only. Compaction rewrites a log, which a journal of all partitions
 * cannot be, so a compacted topic leaves it whole. And a file is freed only when all its batches are gone: one partition
 * that keeps little for long holds files that are dead but for it. Such a file is worth its partition's share of the dead
 * bytes, and a partition moves its log up to there once the files it frees are worth more than what it has to copy:
 * so never more is written than is freed, and dead bytes stay below what is alive.
 */
export function decideTieredTo({ isCompacted, highWatermark, files }: TieringInput): number {
  if (isCompacted) return highWatermark
  let copied = 0
  let freed = 0
  let tieredTo = 0
  for (const file of files) {
    const { end, liveBytes, ownBytes, endOffset } = file
    copied += ownBytes
    if (!isMostlyDead(file)) continue
    freed += ((end - liveBytes) * ownBytes) / liveBytes
    if (freed >= copied) tieredTo = endOffset
  }
  return tieredTo
}
