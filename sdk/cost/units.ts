/** How DynamoDB bills: by the whole item, in units begun. */

const WRITE_UNIT_BYTES = 1024
const READ_UNIT_BYTES = 4096

/** Of a put, a delete, or an update: by the larger of the item before and after. */
export function writeUnits(itemBytes: number): number {
  return Math.max(1, Math.ceil(itemBytes / WRITE_UNIT_BYTES))
}

/** Of a strongly consistent read; a query counts what all its items take together. */
export function readUnits(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / READ_UNIT_BYTES))
}

export interface TailShape {
  /** What an entry takes in the tail. */
  readonly entryBytes: number
  /** What the head takes beside its tail. */
  readonly headBytes: number
  /** What a page takes beside its entries. */
  readonly pageBytes: number
  /** The tail rolls before the append that would begin another unit, once it has so many entries. */
  readonly minTailEntries: number
}

/** How many entries the tail has when it rolls, in a log of entries like these. */
export function entriesPerRoll({ entryBytes, headBytes, minTailEntries }: TailShape): number {
  const fullest = writeUnits(headBytes + minTailEntries * entryBytes) * WRITE_UNIT_BYTES
  return Math.max(minTailEntries, Math.floor((fullest - headBytes) / entryBytes))
}

/**
 * Write units an append costs in a log of entries like these: its commit, which pays for every entry that is in the tail by
 * then, and its share of the page and of the page's delete. The commit that rolls is billed by the tail it drops.
 */
export function tailUnits(shape: TailShape): number {
  const entries = entriesPerRoll(shape)
  const page = writeUnits(shape.pageBytes + entries * shape.entryBytes)
  let units = writeUnits(shape.headBytes + entries * shape.entryBytes) + 2 * page
  for (let held = 2; held <= entries; held++) units += writeUnits(shape.headBytes + held * shape.entryBytes)
  return units / entries
}
