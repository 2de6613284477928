/** The tables of a picture: which columns they have, and which of them give way first. */
import type { Paint } from "../format/paint.ts"
import type { Quantities } from "../format/quantities.ts"
import { timeLeft } from "../format/time-left.ts"
import type { Table, WatchColumn } from "./fit-table.ts"
import type { GroupRow, LagRow, MemberRow } from "./group-rows.ts"
import type { GroupState } from "./look.ts"
import { type Outlook, outlookOf, type Pace, paceOfAll, secondsToCatchUp } from "./pace.ts"
import { rateText, trendText } from "./rate-text.ts"
import { type TopicRow, volumeOfAll } from "./topic-rows.ts"

/** How numbers are written. */
export interface Style {
  readonly paint: Paint
  readonly show: Quantities
  readonly isTerminal: boolean
  /** Whether there is more than one look. */
  readonly hasRates: boolean
}

export function topicTable(rows: readonly TopicRow[], style: Style): Table<TopicRow> {
  const all = volumeOfAll(rows)
  const bytes = (size: number | null) => (size === null ? "-" : style.show.bytes(Math.round(size)))
  return {
    rows,
    empty: "No topics.",
    columns: [
      { header: "TOPIC", cell: (row) => row.topic, isName: true, total: "total" },
      { ...number("PARTITIONS", all, (row) => style.show.count(row.partitions)), yields: 3 },
      { ...number("RECORDS", all, (row) => style.show.count(row.records)), yields: 4 },
      { ...number("SIZE", all, (row) => bytes(row.sizeInBytes)), yields: 2 },
      number("RECORDS/S", all, (row) => rateText(row.recordsPerSecond, style)),
      { ...number("BYTES/S", all, (row) => bytes(row.bytesPerSecond)), yields: 1 },
    ],
  }
}

export function groupTable(rows: readonly GroupRow[], style: Style): Table<GroupRow> {
  const all = paceOfAll(rows)
  const sum = (count: (row: GroupRow) => number) => style.show.count(rows.reduce((total, row) => total + count(row), 0))
  return {
    rows,
    empty: "No groups.",
    columns: [
      { header: "GROUP", cell: (row) => row.group, isName: true, total: "total" },
      { header: "STATE", cell: (row) => stateText(row.state, style), yields: 2 },
      { ...right("MEMBERS", (row) => style.show.count(row.members)), total: sum((row) => row.members), yields: 3 },
      {
        ...right("PARTITIONS", (row) => style.show.count(row.partitions)),
        total: sum((row) => row.partitions),
        yields: 5,
      },
      ...paceColumns(all, style),
    ],
  }
}

/** `several`: groups. */
export function lagTable(rows: readonly LagRow[], several: boolean, style: Style): Table<LagRow> {
  return {
    rows,
    empty: "No partitions.",
    columns: [
      ...(several ? [{ header: "GROUP", cell: (row: LagRow) => row.group, isName: true }] : []),
      { header: "TOPIC", cell: (row) => row.topic, isName: true, total: "total" },
      right("PARTITION", (row) => String(row.partition)),
      { ...right("COMMITTED", (row) => String(row.committedOffset ?? "-")), yields: 5 },
      { ...right("HIGH WATERMARK", (row) => String(row.highWatermark)), yields: 6 },
      ...paceColumns(paceOfAll(rows), style),
      { header: "MEMBER", cell: (row) => row.memberId ?? "-", isName: true, yields: 2 },
    ],
  }
}

/** `several`: groups. */
export function memberTable(rows: readonly MemberRow[], several: boolean, style: Style): Table<MemberRow> {
  return {
    rows,
    empty: "No members.",
    columns: [
      ...(several ? [{ header: "GROUP", cell: (row: MemberRow) => row.group, isName: true }] : []),
      { header: "MEMBER", cell: (row) => row.memberId ?? "(nobody)", isName: true, total: "total" },
      { header: "INSTANCE", cell: (row) => row.instanceId ?? "-", isName: true, yields: 5 },
      { header: "LAST SEEN", cell: ({ lastSeen }) => (lastSeen === null ? "-" : style.show.time(lastSeen)), yields: 6 },
      { ...right("PARTITIONS", (row) => style.show.count(row.partitions)), yields: 3 },
      ...paceColumns(paceOfAll(rows), style),
    ],
  }
}

function paceColumns(all: Pace, style: Style): readonly WatchColumn<Pace>[] {
  const lagColumn = number("LAG", all, ({ lag }) => (lag === null ? "-" : style.show.count(lag)))
  if (!style.hasRates) return [lagColumn]
  return [
    lagColumn,
    { ...number("LAG/S", all, ({ lagPerSecond }) => trendText(lagPerSecond, style)), yields: 1 },
    { ...number("IN/S", all, ({ producedPerSecond }) => rateText(producedPerSecond, style)), yields: 4 },
    number("READ/S", all, ({ consumedPerSecond }) => rateText(consumedPerSecond, style)),
    { header: "OUTLOOK", cell: (pace) => outlookText(pace, style), total: outlookText(all, style) },
  ]
}

const outlooks: Readonly<Record<Exclude<Outlook, "catching_up">, string>> = {
  caught_up: "caught up",
  keeping_pace: "keeps pace",
  falling_behind: "falls behind",
  stalled: "stalled",
}

function outlookText(pace: Pace, { paint }: Style): string {
  const outlook = outlookOf(pace)
  if (outlook === null) return "-"
  if (outlook === "catching_up") return paint("green", `in ${timeLeft(secondsToCatchUp(pace) ?? 0)}`)
  const text = outlooks[outlook]
  return outlook === "stalled" || outlook === "falling_behind" ? paint("red", text) : text
}

function stateText(state: GroupState, { paint }: Style): string {
  if (state === "Reconciling") return paint("yellow", state)
  return state === "Gone" ? paint("red", state) : state
}

function right<Row>(header: string, cell: (row: Row) => string): WatchColumn<Row> {
  return { header, align: "right", cell }
}

/** A column whose total is written as its cells are. */
function number<Row>(header: string, all: Row, cell: (row: Row) => string): WatchColumn<Row> {
  return { ...right(header, cell), total: cell(all) }
}
