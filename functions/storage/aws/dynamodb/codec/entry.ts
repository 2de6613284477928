/**
 * An entry of a tail or page as one binary:
 *   form: a byte, its low three bits the placement; id: 8 bytes
 *   with STATED, record count, bytes: varints, max timestamp: signed. Without it they follow from the batches inside
 *   with LISTED, the count of the sequences and for each: id, epoch, sequence, record count, records before: varints,
 *   max timestamp less the entry's: signed. Without it they follow from the batches inside, or there are none
 *   the placement: packed batches (packed-batches.ts) or a key (placement-key.ts)
 *
 * One entry has one encoding: the head is asked by it whether it holds the entry already.
 */
import { newerFormat } from "../../../../log/newer-format.ts"
import type { Entry, EntrySequence, EntrySize, Placement } from "../../../../partitions/ports.ts"
import { BlobReader, BlobWriter } from "./bytes.ts"
import { factsOf, packBatches, unpackBatches } from "./packed-batches.ts"
import { readKey, writeKey } from "./placement-key.ts"

const KINDS: readonly Placement["kind"][] = ["inline", "item", "object"]
const KIND_MASK = 7
const STATED = 8
const LISTED = 16
const KNOWN_BITS = KIND_MASK | STATED | LISTED

/** Of what this file describes. */
const FORM = 1

const ID = /^[0-9a-f]{16}$/

type Totals = Pick<Entry, "recordCount" | "bytes" | "maxTimestamp">

/** Throws a TypeError for an id that is not eight bytes in hex, a RangeError for numbers that are none. */
export function encodeEntry(entry: Entry): Uint8Array<ArrayBuffer> {
  const { id, sequences, placement } = entry
  if (!ID.test(id)) throw new TypeError(`The id of an entry is eight bytes in hex, not "${id}".`)
  const inside = insideOf(placement)
  const stated = inside === undefined || !sameTotals(inside, entry) ? STATED : 0
  const listed = sameSequences(inside?.sequences ?? [], sequences) ? 0 : LISTED
  const writer = new BlobWriter()
  writer.u8(KINDS.indexOf(placement.kind) | stated | listed)
  writer.bytes(Buffer.from(id, "hex"))
  if (stated !== 0) writeTotals(writer, entry)
  if (listed !== 0) writeSequences(writer, sequences, entry.maxTimestamp)
  if (placement.kind === "inline") packBatches(writer, placement.batches)
  else writeKey(writer, placement.key)
  return writer.done()
}

/** Throws a RangeError for what `encodeEntry` did not write, `NewerFormat` for a form that it does not know. */
export function decodeEntry(blob: Uint8Array): Entry {
  const reader = new BlobReader(blob)
  const form = reader.u8()
  const kind = KINDS[form & KIND_MASK]
  if (kind === undefined || (form & ~KNOWN_BITS) !== 0) throw newerFormat(`An entry of form ${form}`, FORM)
  const id = Buffer.from(reader.bytes(8)).toString("hex")
  const stated = (form & STATED) !== 0 ? readTotals(reader) : undefined
  const listed = (form & LISTED) !== 0 ? readSequences(reader) : undefined
  const placement: Placement =
    kind === "inline" ? { kind, batches: unpackBatches(reader) } : { kind, key: readKey(reader) }
  const inside = insideOf(placement)
  const totals = stated ?? inside
  if (totals === undefined) throw new RangeError("an entry without totals")
  const { recordCount, bytes, maxTimestamp } = totals
  const sequences = listed?.(maxTimestamp) ?? inside?.sequences ?? []
  return { id, recordCount, bytes, maxTimestamp, sequences, placement }
}

/** An element of a list takes a byte more than its value. */
export const entrySize: EntrySize = (entry) => encodedEntrySize(encodeEntry(entry))

export function encodedEntrySize(blob: Uint8Array): number {
  return blob.length + 1
}

function insideOf(placement: Placement): (Totals & Pick<Entry, "sequences">) | undefined {
  if (placement.kind !== "inline") return undefined
  const facts = factsOf(placement.batches)
  return facts === undefined ? undefined : { ...facts, bytes: placement.batches.length }
}

function sameTotals(a: Totals, b: Totals): boolean {
  return a.recordCount === b.recordCount && a.bytes === b.bytes && a.maxTimestamp === b.maxTimestamp
}

function sameSequences(a: readonly EntrySequence[], b: readonly EntrySequence[]): boolean {
  return a.length === b.length && a.every((each, index) => sameSequence(each, b[index]))
}

function sameSequence(a: EntrySequence, b: EntrySequence | undefined): boolean {
  return (
    a.id === b?.id &&
    a.epoch === b.epoch &&
    a.sequence === b.sequence &&
    a.recordCount === b.recordCount &&
    a.recordsBefore === b.recordsBefore &&
    a.maxTimestamp === b.maxTimestamp
  )
}

function writeTotals(writer: BlobWriter, { recordCount, bytes, maxTimestamp }: Totals): void {
  writer.varint(recordCount)
  writer.varint(bytes)
  writer.signed(maxTimestamp)
}

function readTotals(reader: BlobReader): Totals {
  return { recordCount: reader.varint(), bytes: reader.varint(), maxTimestamp: reader.signed() }
}

function writeSequences(writer: BlobWriter, sequences: readonly EntrySequence[], maxTimestamp: number): void {
  writer.varint(sequences.length)
  for (const each of sequences) {
    for (const value of [each.id, each.epoch, each.sequence, each.recordCount, each.recordsBefore]) writer.varint(value)
    writer.signed(each.maxTimestamp - maxTimestamp)
  }
}

/** Their timestamps need the entry's, which may follow from the batches behind. */
function readSequences(reader: BlobReader): (maxTimestamp: number) => readonly EntrySequence[] {
  const sequences = Array.from({ length: reader.varint() }, () => ({
    id: reader.varint(),
    epoch: reader.varint(),
    sequence: reader.varint(),
    recordCount: reader.varint(),
    recordsBefore: reader.varint(),
    later: reader.signed(),
  }))
  return (maxTimestamp) => sequences.map(({ later, ...each }) => ({ ...each, maxTimestamp: maxTimestamp + later }))
}
