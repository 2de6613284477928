/** Puts the batches of a group where they are to lie, before anything refers to them. */
import { decidePlacement, dynamoDbPlacementLimits, type PlacementKind, prices } from "stratalog/cost"
import { joinBatches } from "stratalog/record-batch"
import type { AppendEntry, PartitionRef, Unavailable } from "../../log/ports.ts"
import type { AppendDeps } from "../dependencies.ts"
import type { Entry, Head, Placement } from "../ports.ts"

export type PlaceOutcome = { readonly kind: "placed"; readonly placement: Placement } | Unavailable

/** What is known of an entry before its batches lie anywhere. */
export type UnplacedEntry = Omit<Entry, "placement">

export async function place(
  deps: AppendDeps,
  partition: PartitionRef,
  head: Head,
  entry: UnplacedEntry,
  appends: readonly AppendEntry[],
): Promise<PlaceOutcome> {
  const batches = appends.map(({ batch }) => batch)
  const kind = whereTo(deps, head, entry, appends)
  if (kind === "inline") return { kind: "placed", placement: { kind, batches: joined(batches) } }
  const key = deps.ids.placement()
  const stored =
    kind === "item"
      ? await deps.index.putItem(partition, key, joined(batches))
      : await deps.objects.put(objectKey(partition, key), batches)
  // Whatever became of the bytes, nothing refers to them.
  return stored.kind === "unavailable"
    ? { ...stored, sideEffects: "none" }
    : { kind: "placed", placement: { kind, key } }
}

/** Larger than any entry that may lie in a tail: there is no need to find out how large it would be. */
const SURELY_PLACED_BYTES = 16 * 1024

function whereTo(
  { sizes }: AppendDeps,
  head: Head,
  entry: UnplacedEntry,
  appends: readonly AppendEntry[],
): PlacementKind {
  const { bytes } = entry
  const wish = wishOf(appends)
  const inlineEntryBytes =
    bytes > SURELY_PLACED_BYTES
      ? bytes
      : sizes.entry({ ...entry, placement: { kind: "inline", batches: joined(appends.map(({ batch }) => batch)) } })
  const question = { bytes, inlineEntryBytes, headBytes: sizes.head(head) - head.tailBytes, wish }
  return decidePlacement(question, dynamoDbPlacementLimits, prices)
}

/** One who is in a hurry takes the others of the group along. */
export function wishOf(appends: readonly AppendEntry[]): "cost" | "latency" {
  return appends.some(({ placement }) => placement === "latency") ? "latency" : "cost"
}

/** Where the placed batches of a partition lie among the objects. */
export function objectPrefix({ topicId, partition }: PartitionRef): string {
  return `batches/${topicId}/${partition}/`
}

export function objectKey(partition: PartitionRef, key: string): string {
  return `${objectPrefix(partition)}${key}`
}

/** One batch is taken as it is: most appends are of one. */
function joined(batches: readonly Uint8Array[]): Uint8Array {
  const [only] = batches
  return only !== undefined && batches.length === 1 ? only : joinBatches(batches)
}
