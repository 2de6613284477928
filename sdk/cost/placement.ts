/**
 * Where the batches of an append go: into the entry itself (inline in the head's tail), into an item of their own, or into an
 * object.
 *
 * Inline is one round trip, but every later append pays for the bytes again until the tail rolls; then they are written once
 * more in a page and billed once more for the page's delete. An item is a second round trip (about 5 ms), a write unit a KB
 * and as much again for its delete. An object is one PUT of any size (100 ms at the median), and its delete is free.
 */
import type { PlacementLimits, PlacementWish } from "./placement-limits.ts"
import type { Prices } from "./prices.ts"
import { readUnits, tailUnits, writeUnits } from "./units.ts"

export type PlacementKind = "inline" | "item" | "object"

export interface PlacementQuestion {
  /** Of all batches of the append. */
  readonly bytes: number
  /** What the entry would take in the tail with the batches in it. */
  readonly inlineEntryBytes: number
  /** What the head takes beside its tail: watermarks, producers, fence. */
  readonly headBytes: number
  readonly wish: PlacementWish
}

/** Quickest first. */
const KINDS: readonly PlacementKind[] = ["inline", "item", "object"]

/** Everything placed is read at least twice: by a consumer, and to make a segment of it. */
const READS = 2

/** For latency the quickest placement that holds the batches, for cost the cheapest; an object holds anything. */
export function decidePlacement(question: PlacementQuestion, limits: PlacementLimits, prices: Prices): PlacementKind {
  const possible = KINDS.filter((kind) => holds(kind, question, limits))
  const [quickest = "object", ...slower] = possible
  if (question.wish === "latency") return quickest
  return slower.reduce(
    (best, kind) =>
      placementCost(kind, question, limits, prices) < placementCost(best, question, limits, prices) ? kind : best,
    quickest,
  )
}

function holds(kind: PlacementKind, question: PlacementQuestion, limits: PlacementLimits): boolean {
  switch (kind) {
    case "inline":
      return (
        question.inlineEntryBytes <= limits.inlineBytes &&
        question.headBytes + limits.minTailEntries[question.wish] * question.inlineEntryBytes <= limits.headBytes
      )
    case "item":
      return question.bytes <= limits.itemBytes
    case "object":
      return true
  }
}

/** Dollars of an append in a log of appends like this one, from its commit to the delete of what held it, with two reads. */
export function placementCost(
  kind: PlacementKind,
  question: PlacementQuestion,
  limits: PlacementLimits,
  { dynamoDb, s3 }: Prices,
): number {
  const tail = (entryBytes: number) =>
    dynamoDb.writeUnit *
    tailUnits({
      entryBytes,
      headBytes: question.headBytes,
      pageBytes: limits.pageOverheadBytes,
      minTailEntries: limits.minTailEntries[question.wish],
    })
  switch (kind) {
    case "inline":
      return tail(question.inlineEntryBytes)
    case "item": {
      const bytes = question.bytes + limits.itemOverheadBytes
      const once = 2 * writeUnits(bytes) * dynamoDb.writeUnit + READS * readUnits(bytes) * dynamoDb.readUnit
      return tail(limits.referenceBytes) + once
    }
    case "object":
      return tail(limits.referenceBytes) + s3.put + READS * s3.get
  }
}
