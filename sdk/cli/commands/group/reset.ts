import { readFile } from "node:fs/promises"
import type { Command } from "commander"
import type { ResetOffsets, ResetOffsetsBody } from "../../../client/groups.ts"
import { inputFailure, usageFailure } from "../../failure.ts"
import { tableLines } from "../../format/table.ts"
import { integer } from "../../parse/integer.ts"
import { type Position, parseTime, TIME_HELP } from "../../parse/position.ts"
import { type ResetTopic, requestsOfFile, resetDuration, resetTopics, shift } from "../../parse/reset-plan.ts"
import type { Session, Shell } from "../../session.ts"
import { withExamples } from "../examples.ts"

interface Options {
  readonly topic?: readonly ResetTopic[]
  readonly allTopics?: boolean
  readonly toEarliest?: boolean
  readonly toLatest?: boolean
  readonly toCurrent?: boolean
  readonly toOffset?: number
  readonly toDatetime?: Exclude<Position, { kind: "offset" }>
  readonly byDuration?: number
  readonly shiftBy?: number
  readonly fromFile?: string
  readonly dryRun?: boolean
  readonly execute?: boolean
  readonly export?: boolean
}

type Row = ResetOffsets["offsets"][number]

export function addReset(parent: Command, shell: Shell): void {
  const command = parent
    .command("reset")
    .description(
      "Move a group's committed offsets, also back. Shows where they would go; with --execute it is done. The group must " +
        "have no members.",
    )
    .argument("<group>", "name of the group")
    .option("--topic <topic>", "a topic, or some partitions of it: orders:0,1; may be repeated", resetTopics)
    .option("--all-topics", "all topics that the group has committed for (default)")
    .option("--to-earliest", "to the first record there is")
    .option("--to-latest", "to the end: only what comes from now on")
    .option("--to-offset <n>", "to this offset", integer(0))
    .option("--to-datetime <time>", `to the first record from there on: ${TIME_HELP}`, (text) =>
      parseTime(text, shell.io.now()),
    )
    .option("--by-duration <time>", "to the first record that is no older: 15m, 2h, or PT15M", resetDuration)
    .option("--shift-by <n>", "so many records on, or back where negative", shift)
    .option("--to-current", "to where they are; what lies outside the log goes to its nearer end")
    .option("--from-file <path>", "to the offsets of a file with lines <topic>,<partition>,<offset>")
    .option("--dry-run", "only show (default)")
    .option("--execute", "do it")
    .option("--export", "write lines <topic>,<partition>,<offset>, for --from-file")
    .action(async (group: string, options: Options, self: Command) => {
      const session = shell.session(self)
      await reset(session, group, await requestsOf(options), options)
    })
  withExamples(command, {
    "strata group reset billing --to-earliest": "Where everything would be read again from",
    "strata group reset billing --to-datetime 2026-11-21T08:00:00Z --topic orders --execute": "Back to a moment",
    "strata group reset billing --shift-by -10 --topic orders:0 --execute": "Ten records of a partition again",
    "strata group reset billing --to-current --export > offsets.csv": "Keep where it is; --from-file brings it back",
  })
}

async function requestsOf(options: Options): Promise<readonly ResetOffsetsBody[]> {
  if (options.topic !== undefined && options.allTopics === true)
    throw usageFailure("Say --topic or --all-topics, not both.")
  if (options.dryRun === true && options.execute === true) throw usageFailure("Say --dry-run or --execute, not both.")
  const [target, ...others] = targetsOf(options)
  const names =
    "--to-earliest, --to-latest, --to-offset, --to-datetime, --by-duration, --shift-by, --to-current, --from-file"
  if (target === undefined || others.length > 0) throw usageFailure(`Say where to, by exactly one of ${names}.`)
  if ("fromFile" in target) {
    if (options.topic !== undefined) throw usageFailure("--from-file names the topics itself: leave out --topic.")
    return requestsOfFile(target.fromFile, await readText(target.fromFile))
  }
  return [{ ...target, ...(options.topic === undefined ? {} : { topics: [...options.topic] }) }]
}

function targetsOf(options: Options): readonly (ResetOffsetsBody | { readonly fromFile: string })[] {
  const { toEarliest, toLatest, toCurrent, toOffset, toDatetime, byDuration, shiftBy, fromFile } = options
  return [
    ...(toEarliest === true ? [{ to: "earliest" as const }] : []),
    ...(toLatest === true ? [{ to: "latest" as const }] : []),
    ...(toCurrent === true ? [{ shift: 0 }] : []),
    ...(toOffset === undefined ? [] : [{ offset: toOffset }]),
    ...(toDatetime === undefined
      ? []
      : [toDatetime.kind === "time" ? { timestamp: toDatetime.timestamp } : { to: toDatetime.kind }]),
    ...(byDuration === undefined ? [] : [{ by: byDuration }]),
    ...(shiftBy === undefined ? [] : [{ shift: shiftBy }]),
    ...(fromFile === undefined ? [] : [{ fromFile }]),
  ]
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8")
  } catch (error) {
    throw inputFailure(`Cannot read ${path}: ${error instanceof Error ? error.message : error}`, { cause: error })
  }
}

async function reset(
  session: Session,
  name: string,
  requests: readonly ResetOffsetsBody[],
  options: Options,
): Promise<void> {
  const group = session.connect().group(name)
  const { stop: signal } = session
  const execute = options.execute === true
  // Several requests are looked at all before any is done: what is refused is refused before anything has moved.
  if (execute && requests.length > 1) for (const request of requests) await group.reset(request, { signal })
  const offsets: Row[] = []
  for (const request of requests) offsets.push(...(await group.reset({ ...request, execute }, { signal })).offsets)
  offsets.sort((a, b) => (a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : a.partition - b.partition))
  await session.print({ executed: execute, offsets }, () =>
    options.export === true ? csvLines(offsets) : resetLines(session, offsets),
  )
  if (!execute && options.export !== true) session.notice("Nothing was moved: say --execute to do it.")
}

function csvLines(offsets: readonly Row[]): string[] {
  return offsets.map(({ topic, partition, newOffset }) => `${topic},${partition},${newOffset}`)
}

function resetLines({ paint }: Session, offsets: readonly Row[]): string[] {
  return tableLines(
    [
      { header: "TOPIC", cell: (row) => row.topic },
      { header: "PARTITION", align: "right", cell: (row) => String(row.partition) },
      { header: "COMMITTED", align: "right", cell: (row) => String(row.committedOffset ?? "-") },
      { header: "NEW OFFSET", align: "right", cell: (row) => String(row.newOffset) },
    ],
    offsets,
    paint,
  )
}
