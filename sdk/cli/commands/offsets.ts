import { type Command, InvalidArgumentError } from "commander"
import type { Stratalog } from "../../client/stratalog.ts"
import type { PartitionOffsets } from "../../client/topic.ts"
import { inputFailure, usageFailure } from "../failure.ts"
import { type Column, tableLines } from "../format/table.ts"
import { partition } from "../parse/integer.ts"
import { type Position, parseTime, TIME_HELP } from "../parse/position.ts"
import { TOPIC_PARTITIONS_HELP, type TopicPartitions, topicPartitions } from "../parse/topic-partitions.ts"
import type { Session, Shell } from "../session.ts"
import { withExamples } from "./examples.ts"

type Time = Exclude<Position, { kind: "offset" }>

interface Options {
  readonly time?: Time
  readonly partition?: number
}

interface Row extends PartitionOffsets {
  readonly topic: string
}

/** Topics asked at a time. */
const AT_ONCE = 8

export function addOffsets(program: Command, shell: Shell): void {
  const command = program
    .command("offsets")
    .description("Show the first and the next offset of each partition, and the offset at a time.")
    .argument("[topics...]", `${TOPIC_PARTITIONS_HELP}; none: all topics`, topicPartitions)
    .option(
      "--time <time>",
      `the offset of the first record from there on: earliest (or -2), latest (or -1), ${TIME_HELP}`,
      (text) => timeOf(text, shell.io.now()),
    )
    .option("--partition <n>", "one partition instead of all", partition)
    .action(async (topics: readonly TopicPartitions[], options: Options, self: Command) => {
      const session = shell.session(self)
      const offsets = await wantedOffsets(
        session,
        topics.length === 0 ? topicPartitions("", undefined) : topics,
        options,
      )
      const several = new Set(offsets.map(({ topic }) => topic)).size > 1
      await session.print({ offsets }, () =>
        offsets.length === 0 ? [] : tableLines(columns(session, options.time, several), offsets, session.paint),
      )
      if (offsets.length === 0) session.notice("No topic or partition is like that; see `strata topic list`.")
    })
  withExamples(command, {
    "strata offsets orders": "Both ends of each partition",
    "strata offsets orders --time -15m": "Where the last quarter of an hour begins",
    "strata offsets orders:0,'clicks-.*:0-3' --time latest": "Some partitions of several topics",
    "strata offsets orders --time 2026-11-21T08:00:00Z --json": "For programs",
  })
}

/** Kafka's numbers for the ends. As a time so long ago they would be a millisecond or two. */
function timeOf(text: string, now: number): Time {
  if (text === "-1") return { kind: "latest" }
  if (text === "-2") return { kind: "earliest" }
  if (/^-[345]$|^(max-timestamp|earliest-local|latest-tiered)$/.test(text)) {
    throw new InvalidArgumentError(`The log has no ${text}: it must be earliest, latest or a time.`)
  }
  return parseTime(text, now)
}

async function wantedOffsets(
  session: Session,
  wanted: readonly TopicPartitions[],
  { time, partition: only }: Options,
): Promise<readonly Row[]> {
  const log = session.connect()
  const names = await topicNames(log, wanted, session.stop)
  const rows: Row[] = []
  for (let at = 0; at < names.length; at += AT_ONCE) {
    const answers = names.slice(at, at + AT_ONCE).map(async (topic) => {
      const timestamp = time?.kind === "time" ? time.timestamp : time?.kind
      const offsets = await log.topic(topic).offsets({ partition: only, timestamp, signal: session.stop })
      refuseMissing(topic, wanted, offsets, only)
      return offsets
        .filter((row) => wanted.some((each) => includes(each, topic, row)))
        .map((row) => ({ topic, ...row }))
    })
    rows.push(...(await Promise.all(answers)).flat())
  }
  return rows
}

/** A topic that is named has to be there; patterns find what there is. */
async function topicNames(
  log: Stratalog,
  wanted: readonly TopicPartitions[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const names = new Set(wanted.flatMap(({ name }) => name ?? []))
  if (wanted.every(({ name }) => name !== undefined)) return [...names]
  for await (const topic of log.topics.list({ signal })) {
    if (wanted.some(({ matches }) => matches(topic.name))) names.add(topic.name)
  }
  return [...names].sort()
}

/** A partition that is asked for by its number has to be there. */
function refuseMissing(
  topic: string,
  wanted: readonly TopicPartitions[],
  offsets: readonly PartitionOffsets[],
  only: number | undefined,
): void {
  const missing = wanted.find(
    ({ name, from, to }) => name === topic && to === from + 1 && !offsets.some(({ partition: n }) => n === from),
  )
  if (missing === undefined) return
  if (only !== undefined) throw usageFailure(`Say --partition ${only} or ${topic}:${missing.from}, not both.`)
  throw inputFailure(`${topic} has no partition ${missing.from}: its partitions are 0 to ${offsets.length - 1}.`)
}

function includes(
  { matches, from, to }: TopicPartitions,
  topic: string,
  { partition: number }: PartitionOffsets,
): boolean {
  return matches(topic) && number >= from && number < to
}

function columns({ show }: Session, time: Time | undefined, several: boolean): Column<Row>[] {
  const topic: Column<Row>[] = several ? [{ header: "TOPIC", cell: (row) => row.topic }] : []
  const ends: Column<Row>[] = [
    ...topic,
    { header: "PARTITION", align: "right", cell: (row) => String(row.partition) },
    { header: "LOG START", align: "right", cell: (row) => String(row.logStartOffset) },
    { header: "HIGH WATERMARK", align: "right", cell: (row) => String(row.highWatermark) },
  ]
  if (time === undefined) return ends
  return [
    ...ends,
    { header: "OFFSET", align: "right", cell: (row) => String(row.offset ?? "-") },
    { header: "TIMESTAMP", cell: (row) => (row.timestamp === undefined ? "-" : show.time(row.timestamp)) },
  ]
}
