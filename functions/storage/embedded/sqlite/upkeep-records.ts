import type { DatabaseSync } from "node:sqlite"
import { partsToStore, RECORD_VERSION, readStored } from "../../../segments/upkeep/record-format.ts"
import type { UpkeepRecord, UpkeepRecords } from "../../../segments/upkeep/records.ts"
import type { GroupCommit } from "./group-commit.ts"
import { integer, text } from "./rows.ts"
import { query } from "./transaction.ts"

/** A row for each part, with the version of its format. */
export function createUpkeepRecords(database: DatabaseSync, groupCommit: GroupCommit): UpkeepRecords {
  const all = database.prepare("SELECT part, version, report FROM upkeep_reports")
  const put = database.prepare(
    `INSERT INTO upkeep_reports (part, version, report) VALUES (?, ?, ?)
     ON CONFLICT (part) DO UPDATE SET version = excluded.version, report = excluded.report`,
  )
  return {
    read: () =>
      query(database, () => {
        let record: UpkeepRecord = {}
        for (const row of all.all()) {
          record = { ...record, ...readStored(integer(row, "version"), { [text(row, "part")]: text(row, "report") }) }
        }
        return { kind: "record", record }
      }),
    write: (parts) =>
      groupCommit.run(() => {
        for (const [part, report] of partsToStore(parts)) put.run(part, RECORD_VERSION, report)
        return { kind: "done" }
      }),
  }
}
