import type { Command } from "commander"
import type { PartitionOffsets } from "../../client/topic.ts"
import { type Column, tableLines } from "../format/table.ts"
import { partition } from "../parse/integer.ts"
import { type Position, parseTime, TIME_HELP } from "../parse/position.ts"
import type { Session, Shell } from "../session.ts"
import { withExamples } from "./examples.ts"

interface Options {
  readonly time?: Exclude<Position, { kind: "offset" }>
  readonly partition?: number
}

export function addOffsets(program: Command, shell: Shell): void {
  const command = program
    .command("offsets")
    .description("Show the first and the next offset of each partition, and the offset at a time.")
    .argument("<topic>", "name of the topic")
    .option("--time <time>", `the offset of the first record from there on: earliest, latest, ${TIME_HELP}`, (text) =>
      parseTime(text, shell.io.now()),
    )
    .option("--partition <n>", "one partition instead of all", partition)
    .action(async (topic: string, options: Options, self: Command) => {
      const session = shell.session(self)
      const offsets = await session
        .connect()
        .topic(topic)
        .offsets({
          partition: options.partition,
          timestamp: options.time?.kind === "time" ? options.time.timestamp : options.time?.kind,
          signal: session.stop,
        })
      await session.print({ topic, offsets }, () =>
        tableLines(columns(session, options.time !== undefined), offsets, session.paint),
      )
    })
  withExamples(command, {
    "strata offsets orders": "Both ends of each partition",
    "strata offsets orders --time -15m": "Where the last quarter of an hour begins",
    "strata offsets orders --time 2026-11-21T08:00:00Z --json": "For programs",
  })
}

function columns({ show }: Session, atTime: boolean): Column<PartitionOffsets>[] {
  const ends: Column<PartitionOffsets>[] = [
    { header: "PARTITION", align: "right", cell: (row) => String(row.partition) },
    { header: "LOG START", align: "right", cell: (row) => String(row.logStartOffset) },
    { header: "HIGH WATERMARK", align: "right", cell: (row) => String(row.highWatermark) },
  ]
  if (!atTime) return ends
  return [
    ...ends,
    { header: "OFFSET", align: "right", cell: (row) => String(row.offset ?? "-") },
    { header: "TIMESTAMP", cell: (row) => (row.timestamp === undefined ? "-" : show.time(row.timestamp)) },
  ]
}
