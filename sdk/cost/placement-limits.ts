/** What the index in use can hold and how its items are made up, as far as placement asks. */

/** The topic's `placement`. */
export type PlacementWish = "cost" | "latency"

export interface PlacementLimits {
  /** The largest entry that the tail takes with its batches, bytes. */
  readonly inlineBytes: number
  /** The largest batches that an item of their own takes, bytes. */
  readonly itemBytes: number
  /** What the head may take with the fewest entries that a tail rolls at, bytes. */
  readonly headBytes: number
  /** What an entry takes that only names an item or an object, bytes. */
  readonly referenceBytes: number
  /** What a placed item takes beside its batches, bytes. */
  readonly itemOverheadBytes: number
  /** What a page takes beside its entries, bytes. */
  readonly pageOverheadBytes: number
  /**
   * The tail rolls before the append that would begin another write unit, once it has so many entries. With one a commit is
   * cheapest; with seven, six appends of seven take a single round trip whatever their size.
   */
  readonly minTailEntries: Readonly<Record<PlacementWish, number>>
}

/** An item of DynamoDB holds 400 KB with its names and keys; nothing here comes near. */
export const dynamoDbPlacementLimits: PlacementLimits = {
  inlineBytes: 1024,
  itemBytes: 300 * 1024,
  headBytes: 32 * 1024,
  referenceBytes: 68,
  itemOverheadBytes: 80,
  pageOverheadBytes: 70,
  minTailEntries: { cost: 1, latency: 7 },
}
