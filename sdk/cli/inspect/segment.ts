/** What `strata inspect` prints of one segment file. */
import type { Session } from "../session.ts"
import { batchColumns, batchJson } from "./batch-table.ts"
import { EntryPrinter } from "./entry-printer.ts"
import type { InspectOptions, InspectSummary } from "./options.ts"
import { decodeRecords, markedRecord } from "./records.ts"
import { type FoundBatch, type SegmentEntry, scanSegment } from "./scan.ts"
import { FileWindow } from "./window.ts"

export async function inspectSegment(session: Session, path: string, options: InspectOptions): Promise<InspectSummary> {
  await using file = await FileWindow.open(path)
  const printer = new EntryPrinter(session, batchColumns(session.show, session.paint))
  let summary: InspectSummary = { batches: 0, records: 0, bad: 0, unreadableBytes: 0 }
  for await (const entry of scanSegment(file, options.codecs.crc32c)) {
    session.stop.throwIfAborted()
    summary = await printEntry(printer, entry, summary, options)
  }
  await printer.flush()
  await printSummary(session, path, file.size, summary)
  return summary
}

async function printEntry(
  printer: EntryPrinter<FoundBatch>,
  entry: SegmentEntry,
  summary: InspectSummary,
  options: InspectOptions,
): Promise<InspectSummary> {
  if (entry.kind === "room") {
    const { at: position, sizeInBytes } = entry
    const text = `${sizeInBytes} bytes of room at ${position}`
    await printer.line(text, JSON.stringify({ kind: "room", position, sizeInBytes }))
    return summary
  }
  if (entry.kind === "unreadable") {
    const { at: position, sizeInBytes, reason } = entry
    const text = `!! ${sizeInBytes} bytes at ${position} are no batch: ${reason}`
    await printer.problem(text, { kind: "unreadable", position, sizeInBytes, reason })
    return { ...summary, unreadableBytes: summary.unreadableBytes + sizeInBytes }
  }
  const { records, problem } = entry.crcOk
    ? await decodeRecords(entry.bytes, options)
    : { records: [], problem: "The CRC is wrong: records are not decoded." }
  // The row may wait for its header: it must not keep the bytes that the scan is about to overwrite.
  await printer.row(
    { ...entry, bytes: NO_BYTES },
    { ...batchJson(entry), ...(problem === undefined ? {} : { problem }) },
  )
  for (const record of records) await printer.line(`  ${record}`, markedRecord(record))
  return {
    batches: summary.batches + 1,
    records: summary.records + entry.header.recordCount,
    bad: summary.bad + (problem === undefined ? 0 : 1),
    unreadableBytes: summary.unreadableBytes,
  }
}

const NO_BYTES = new Uint8Array(0)

async function printSummary(
  session: Session,
  path: string,
  sizeInBytes: number,
  summary: InspectSummary,
): Promise<void> {
  if (session.json) return void (await session.out.json({ kind: "summary", file: path, sizeInBytes, ...summary }))
  const { show } = session
  const bad = summary.bad === 0 ? "" : `, ${summary.bad} of them bad`
  const unreadable = summary.unreadableBytes === 0 ? "" : `, ${show.bytes(summary.unreadableBytes)} unreadable`
  const counts = `${show.count(summary.batches)} batches${bad}, ${show.count(summary.records)} records`
  await session.out.line(`${path}: ${counts}, ${show.bytes(sizeInBytes)}${unreadable}`)
}
