/** Where runs of upkeep leave a report for whoever asks whether it works. Contract suite: test/contract/upkeep-records.ts. */
import type { UpkeepStatus } from "stratalog/protocol"
import type { Awaitable, Unavailable } from "../../log/ports.ts"

/** What has not happened yet is absent. */
export type UpkeepRecord = { readonly [Part in keyof UpkeepStatus]?: NonNullable<UpkeepStatus[Part]> }

export type ReadRecordOutcome = { readonly kind: "record"; readonly record: UpkeepRecord } | Unavailable
export type WriteRecordOutcome = { readonly kind: "done" } | Unavailable

export interface UpkeepRecords {
  /** One read. A part that another version of the program wrote in another way is absent. */
  read(): Awaitable<ReadRecordOutcome>
  /** One write: replaces the parts that are given and keeps the others. */
  write(parts: UpkeepRecord): Awaitable<WriteRecordOutcome>
}
