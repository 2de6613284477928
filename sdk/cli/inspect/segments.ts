/** The segments of a data directory, as `strata inspect` lists them behind the journal. */
import type { Column } from "../format/table.ts"
import { serverFunction } from "../server-package.ts"
import type { Session } from "../session.ts"
import { EntryPrinter } from "./entry-printer.ts"

/** As `inspectSegments` of stratalog-server gives it. */
export interface SegmentEntry {
  readonly kind: "segment"
  readonly file: string
  readonly state: "whole" | "missing" | "damaged" | "unused"
  readonly sizeInBytes?: number
  readonly topicId?: string
  readonly topic?: string
  readonly partition?: number
  readonly baseOffset?: number
  readonly endOffset?: number
  readonly maxTimestamp?: number
  readonly detail?: string
}

/** Where the path is no data directory, there are none. */
export async function openSegments(path: string): Promise<AsyncIterable<SegmentEntry>> {
  const inspect = await serverFunction("inspectSegments")
  const entries = inspect(path)
  if (isEntries(entries)) return entries
  throw new Error("stratalog-server gives no segments of a data directory")
}

/** The versions of both packages go together; the entries are not checked one by one. */
function isEntries(value: unknown): value is AsyncIterable<SegmentEntry> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value
}

/** Answers how many there are, and how many are damaged or missing. */
export async function printSegments(
  session: Session,
  path: string,
): Promise<{ readonly segments: number; readonly bad: number }> {
  const printer = new EntryPrinter(session, columns(session))
  let segments = 0
  let bad = 0
  const entries = await openSegments(path)
  try {
    for await (const entry of entries) {
      session.stop.throwIfAborted()
      if (entry.state !== "unused") segments++
      if (entry.state === "missing" || entry.state === "damaged") bad++
      await printer.row(entry, entry)
    }
  } catch (error) {
    session.stop.throwIfAborted()
    const detail = error instanceof Error ? error.message : String(error)
    await printer.problem(`!! The segments cannot be read: ${detail}`, { kind: "unreadable", detail })
    bad++
  }
  await printer.flush()
  return { segments, bad }
}

function columns({ show, paint }: Session): Column<SegmentEntry>[] {
  const optional = <T>(value: T | undefined, text: (known: T) => string) => (value === undefined ? "-" : text(value))
  return [
    { header: "SEGMENT OF", cell: ({ topic, topicId }) => topic ?? topicId ?? "-" },
    { header: "PARTITION", align: "right", cell: ({ partition }) => optional(partition, String) },
    {
      header: "OFFSETS",
      align: "right",
      cell: ({ baseOffset, endOffset = 0 }) => optional(baseOffset, (from) => `${from}-${endOffset - 1}`),
    },
    { header: "SIZE", align: "right", cell: ({ sizeInBytes }) => optional(sizeInBytes, show.bytes) },
    { header: "MAX TIMESTAMP", cell: ({ maxTimestamp }) => optional(maxTimestamp, show.time) },
    {
      header: "STATE",
      cell: ({ state }) => (state === "whole" || state === "unused" ? state : paint("red", state.toUpperCase())),
    },
    { header: "FILE", cell: ({ file }) => file },
    { header: "DETAIL", cell: ({ detail }) => detail ?? "" },
  ]
}
