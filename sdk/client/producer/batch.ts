/** Records of one partition that are sent together. */
import type { PreparedRecord } from "./prepare-record.ts"
import type { RecordMetadata } from "./producer.ts"

/** A record that waits for its acknowledgement, and the promise of its sender. */
export interface PendingRecord extends PreparedRecord {
  /** Epoch milliseconds at which it is given up. */
  readonly deadline: number
  readonly resolve: (metadata: RecordMetadata) => void
  readonly reject: (error: unknown) => void
}

/** What the promise, its closures and the record's objects take beside the record's bytes, about. */
const RECORD_OVERHEAD_BYTES = 256

export function memoryOf(record: Pick<PreparedRecord, "bytes">): number {
  return record.bytes + RECORD_OVERHEAD_BYTES
}

export class Batch {
  readonly records: PendingRecord[] = []
  /** Resolves when every record is acknowledged or has failed. */
  readonly settled: Promise<void>
  bytes = 0
  /** It has lingered long enough. */
  due = false
  markSettled: () => void = () => {}

  constructor() {
    this.settled = new Promise((resolve) => {
      this.markSettled = resolve
    })
  }

  add(record: PendingRecord): void {
    this.records.push(record)
    this.bytes += record.bytes
  }

  /** The first record's, which is the earliest. */
  get deadline(): number {
    return this.records[0]?.deadline ?? 0
  }
}
