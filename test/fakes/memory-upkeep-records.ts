/** `UpkeepRecords` in memory that keeps every promise of the port but durability. */
import {
  partsToStore,
  RECORD_VERSION,
  type RecordPart,
  readStored,
} from "../../functions/segments/upkeep/record-format.ts"
import type { UpkeepRecord, UpkeepRecords } from "../../functions/segments/upkeep/records.ts"

export interface MemoryUpkeepRecords extends UpkeepRecords {
  /** Every write, the oldest first. */
  readonly writes: readonly UpkeepRecord[]
  storeText(part: RecordPart, text: string, version: number): void
}

export function createMemoryUpkeepRecords(): MemoryUpkeepRecords {
  const stored = new Map<RecordPart, { readonly text: string; readonly version: number }>()
  const writes: UpkeepRecord[] = []
  return {
    writes,
    read: () => {
      const parts = [...stored].map(([part, { text, version }]) => readStored(version, { [part]: text }))
      return { kind: "record", record: Object.assign({}, ...parts) }
    },
    write: (record) => {
      writes.push(record)
      for (const [part, text] of partsToStore(record)) stored.set(part, { text, version: RECORD_VERSION })
      return { kind: "done" }
    },
    storeText: (part, text, version) => void stored.set(part, { text, version }),
  }
}
