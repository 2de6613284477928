/** What `strata inspect` prints of a server's data directory. */
import { inputFailure } from "../failure.ts"
import { serverFunction } from "../server-package.ts"
import type { Session } from "../session.ts"
import { EntryPrinter } from "./entry-printer.ts"
import { type Frame, frameColumns } from "./frame-table.ts"
import type { InspectOptions, InspectSummary } from "./options.ts"
import { decodeRecords, markedRecord } from "./records.ts"
import { printSegments } from "./segments.ts"

/** What `inspectDataDirectory` of stratalog-server gives beside frames. */
interface Stretch {
  readonly kind: "file" | "room" | "unreadable"
  readonly file: string
  readonly position?: number
  readonly sizeInBytes: number
  readonly reason?: string
}

export async function inspectDataDirectory(
  session: Session,
  path: string,
  options: InspectOptions,
): Promise<InspectSummary> {
  const printer = new EntryPrinter(session, frameColumns(session.show, session.paint))
  let summary: InspectSummary = { batches: 0, records: 0, bad: 0, unreadableBytes: 0 }
  let files = 0
  for await (const entry of await openEntries(path, options)) {
    session.stop.throwIfAborted()
    if (entry.kind === "file") files++
    summary =
      entry.kind === "frame"
        ? await printFrame(printer, entry, summary, options)
        : await printStretch(printer, session, entry, summary)
  }
  await printer.flush()
  if (files === 0) throw inputFailure(`${path} holds neither segment files nor a journal.`)
  const { segments, bad } = await printSegments(session, path)
  await printSummary(session, path, { files, segments, badSegments: bad }, summary)
  return { ...summary, bad: summary.bad + bad }
}

/** Every frame of the journal, and every stretch that is none; `records`: with the batches' bytes. */
export async function openEntries(
  path: string,
  options: Pick<InspectOptions, "records">,
): Promise<AsyncIterable<Frame | Stretch>> {
  const inspect = await serverFunction("inspectDataDirectory")
  const entries = inspect(path, { batches: options.records })
  if (isEntries(entries)) return entries
  throw new Error("stratalog-server gives no entries of a data directory")
}

/** The versions of both packages go together; the kinds of entries are not checked one by one. */
function isEntries(value: unknown): value is AsyncIterable<Frame | Stretch> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value
}

async function printFrame(
  printer: EntryPrinter<Frame>,
  frame: Frame,
  summary: InspectSummary,
  options: InspectOptions,
): Promise<InspectSummary> {
  const { batch, ...row } = frame
  const { records, problem } =
    batch === undefined || !frame.crcOk ? { records: [], problem: undefined } : await decodeRecords(batch, options)
  await printer.row(row, { ...row, ...(problem === undefined ? {} : { problem }) })
  for (const record of records) await printer.line(`  ${record}`, markedRecord(record))
  if (frame.type !== "batch") return { ...summary, bad: summary.bad + (frame.crcOk ? 0 : 1) }
  return {
    batches: summary.batches + 1,
    records: summary.records + (frame.recordCount ?? 0),
    bad: summary.bad + (frame.crcOk && problem === undefined ? 0 : 1),
    unreadableBytes: summary.unreadableBytes,
  }
}

async function printStretch(
  printer: EntryPrinter<Frame>,
  { paint, show }: Session,
  stretch: Stretch,
  summary: InspectSummary,
): Promise<InspectSummary> {
  const { kind, file, position = 0, sizeInBytes, reason } = stretch
  if (kind === "file") await printer.line(paint("bold", `${file}  ${show.bytes(sizeInBytes)}`), JSON.stringify(stretch))
  else if (kind === "room")
    await printer.line(`${show.bytes(sizeInBytes)} of room at ${position}`, JSON.stringify(stretch))
  else {
    await printer.problem(`!! ${sizeInBytes} bytes at ${position} are no frame: ${reason}`, stretch)
    return { ...summary, unreadableBytes: summary.unreadableBytes + sizeInBytes }
  }
  return summary
}

interface Counts {
  /** Of the journal. */
  readonly files: number
  readonly segments: number
  readonly badSegments: number
}

async function printSummary(session: Session, path: string, counted: Counts, summary: InspectSummary): Promise<void> {
  if (session.json) return void (await session.out.json({ kind: "summary", directory: path, ...counted, ...summary }))
  const { files, segments, badSegments } = counted
  const { show } = session
  const bad = summary.bad === 0 ? "" : `, ${summary.bad} frames bad`
  const unreadable = summary.unreadableBytes === 0 ? "" : `, ${show.bytes(summary.unreadableBytes)} unreadable`
  const counts = `${show.count(summary.batches)} batches, ${show.count(summary.records)} records`
  const badOnes = badSegments === 0 ? "" : `, ${badSegments} of them not right`
  const besides = segments === 0 ? "" : `; ${segments} ${segments === 1 ? "segment" : "segments"}${badOnes}`
  await session.out.line(`${path}: ${files} ${files === 1 ? "file" : "files"}, ${counts}${bad}${unreadable}${besides}`)
}
