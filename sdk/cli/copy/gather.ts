/** Which batches are written together: each append costs a request and the way there and back. Pure. */
import { readBatchHeader } from "../../record-batch/header.ts"

/** However small they are: all of them are in memory, decompressed. */
const MOST_RECORDS = 10_000

/** Neighbours of the same codec, as long as they take no more than so many bytes together. */
export function gathered(batches: readonly Uint8Array[], mostBytes: number): readonly (readonly Uint8Array[])[] {
  const groups: Uint8Array[][] = []
  let room = { bytes: 0, records: 0, codec: "" }
  for (const batch of batches) {
    const { codec, recordCount } = readBatchHeader(batch)
    const group = groups.at(-1)
    const fits = codec === room.codec && batch.length <= room.bytes && recordCount <= room.records
    if (group !== undefined && fits) group.push(batch)
    else {
      groups.push([batch])
      room = { bytes: mostBytes, records: MOST_RECORDS, codec }
    }
    room = { ...room, bytes: room.bytes - batch.length, records: room.records - recordCount }
  }
  return groups
}
