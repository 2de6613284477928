import { type Command, InvalidArgumentError } from "commander"
import { parseBaseUrl } from "../../client/http-request.ts"
import { portableCodecs } from "../../record-batch/portable-codecs.ts"
import { type CopyResult, copyLog } from "../copy/copy-log.ts"
import { openLogEnd } from "../copy/log-end.ts"
import type { CopyEnds } from "../copy/partition-copy.ts"
import { offsetsToCopy, planTopics, type TopicPattern, type TopicPlan } from "../copy/plan.ts"
import { copyLines, planLines } from "../copy/report.ts"
import { ownConfig } from "../copy/topic-settings.ts"
import { usageFailure } from "../failure.ts"
import { integer } from "../parse/integer.ts"
import { size } from "../parse/size.ts"
import { parseTopic } from "../parse/topic-partitions.ts"
import { Progress } from "../progress.ts"
import type { ServiceEnd, Session, Shell } from "../session.ts"
import { withExamples } from "./examples.ts"

interface Options {
  readonly from: string
  readonly to: string
  readonly topics?: readonly TopicPattern[]
  /** False: none. */
  readonly groups?: readonly TopicPattern[] | false
  readonly follow?: boolean
  readonly verify?: boolean
  readonly dryRun?: boolean
  readonly gather?: number
  readonly partitionsAtOnce: number
}

const ALL: readonly TopicPattern[] = [{ name: undefined, matches: () => true }]

export function addCopy(program: Command, shell: Shell): void {
  const command = program
    .command("copy")
    .description(
      "Copy topics with their records, and what groups committed, from one service to another. Ended in the middle it " +
        "goes on where it stopped when it is run again; run after it was done, it copies what came since. docs/move.md " +
        "says how to move producers and consumers.",
    )
    .requiredOption("--from <server>", "the service to copy from: a URL, or the name of a profile, which has its key")
    .requiredOption("--to <server>", "the service to copy to, said in the same way")
    .option(
      "--topics <topics>",
      "names or regular expressions for whole names, by commas; may be repeated (default: all)",
      patterns,
    )
    .option("--groups <groups>", "the groups whose offsets are copied, said as topics are (default: all)", patterns)
    .option("--no-groups", "no offsets of groups")
    .option(
      "--follow",
      "at the end wait for more, until Ctrl-C; then what is left and the offsets of groups are copied, and the topics configured",
    )
    .option("--verify", "read both sides again at the end and compare every record")
    .option(
      "--gather <size>",
      "write small batches of the same codec together, up to this size: fewer requests, other batches, the same records",
      size(1),
    )
    .option("--partitions-at-once <n>", "partitions copied at the same time", integer(1, 256), 8)
    .option("--dry-run", "only show what would be copied, and whether it can be")
    .action((options: Options, self: Command) => {
      // Each side is asked as it wants it.
      const ends = { from: shell.endAt(self, options.from), to: shell.endAt(self, options.to) }
      return copy(shell.session(self), options, ends)
    })
  withExamples(command, {
    "strata copy --from http://127.0.0.1:8080 --to https://log.example.com --dry-run":
      "What there is, and whether it can be copied",
    "strata copy --from http://127.0.0.1:8080 --to https://log.example.com --verify": "All of it, compared at the end",
    "strata copy --from on-premises --to cloud": "Services with keys: each of a profile (strata profile set)",
    "strata copy --from http://a:8080 --to http://b:8080 --topics orders,'clicks-.*' --follow":
      "Some topics, until Ctrl-C",
  })
}

function patterns(text: string, before: readonly TopicPattern[] | false | undefined): readonly TopicPattern[] {
  const all = text.split(",").map((part) => {
    if (part === "") throw new InvalidArgumentError("It must be names or regular expressions, by commas.")
    return parseTopic(part)
  })
  return [...(before || []), ...all]
}

/** Who waits so long wants to know what for, milliseconds. */
const LATE_MS = 3_000

interface Services {
  readonly from: ServiceEnd
  readonly to: ServiceEnd
}

async function copy(session: Session, options: Options, services: Services): Promise<void> {
  const { topics = ALL, dryRun = false } = options
  const [from, to] = [services.from.url, services.to.url]
  if (parseBaseUrl(from) === parseBaseUrl(to)) throw usageFailure("--from and --to are the same service.")
  const open = async ({ url, fetch }: ServiceEnd) => {
    const late = setTimeout(() => session.notice(`${url} does not answer; trying again for about a minute.`), LATE_MS)
    try {
      return await openLogEnd(url, { fetch }, session.stop)
    } finally {
      clearTimeout(late)
    }
  }
  const [source, target] = [await open(services.from), await open(services.to)]
  const ends: CopyEnds = { source, target, codecs: portableCodecs(), gatherBytes: options.gather ?? 0 }
  const plans = await planTopics(ends, topics, session.stop)
  for (const plan of plans) tellSettings(session, ends, plan)
  if (dryRun) await session.print({ from, to, topics: plans.map(planned) }, () => planLines(session, plans))
  else await copyPlanned(session, ends, plans, { ...options, from, to })
}

async function copyPlanned(
  session: Session,
  ends: CopyEnds,
  plans: readonly TopicPlan[],
  options: Options,
): Promise<void> {
  const { from, to, groups = ALL, follow = false, verify = false, partitionsAtOnce: atOnce } = options
  const total = plans
    .flatMap(({ partitions }) => partitions)
    .reduce((sum, partition) => sum + offsetsToCopy(partition), 0)
  let result: CopyResult
  using progress = new Progress(session, { total, unit: "records" })
  let done = 0
  const step = (offsets: number) => {
    done += offsets
    progress.update(done)
  }
  const caughtUp = () => {
    progress.clear()
    if (follow) session.notice("All that was there is copied; following. Ctrl-C ends it.")
  }
  const ending = (left: number) => {
    progress.clear()
    if (left > 0) session.notice(`Ending: ${left} more are copied. Ctrl-C again leaves them.`)
  }
  try {
    const wanted = { groups: groups === false ? [] : groups, follow, verify, atOnce }
    result = await copyLog(ends, plans, wanted, { step, caughtUp, ending }, session.stop)
  } catch (error) {
    progress.clear()
    session.notice("Not done. What is copied stays: run the same command again to go on.")
    throw error
  }
  progress.clear()
  await session.print({ from, to, ...result }, () => copyLines(session, result))
}

function tellSettings(session: Session, { target }: CopyEnds, { source }: TopicPlan): void {
  const [own, most] = [source.config["max.message.bytes"], ownConfig(source, target.limits)["max.message.bytes"]]
  if (most === undefined || most === own) return
  session.notice(
    `${source.name}: max.message.bytes is ${own} in the source and will be ${most}, the most that the target takes.`,
  )
}

function planned(plan: TopicPlan) {
  const { source, target, partitions } = plan
  return {
    topic: source.name,
    exists: target !== undefined,
    partitions: partitions.map(({ at, source: ends, start }) => ({
      partition: at.partition,
      start,
      end: ends.highWatermark,
    })),
  }
}
