import { type Command, Option } from "commander"
import { type Assignor, assignors } from "../../../protocol/schemas/members.ts"
import { asMember } from "../../consume/member.ts"
import { exitCodes } from "../../exit-codes.ts"
import { Failure, inputFailure, usageFailure } from "../../failure.ts"
import { integer } from "../../parse/integer.ts"
import { duration } from "../../parse/size.ts"
import type { Session, Shell } from "../../session.ts"
import { AckedCheck } from "../../verify/acked-check.ts"
import { readAckedFile } from "../../verify/acked-file.ts"
import { Consumed } from "../../verify/consumed.ts"
import { type EventLines, eventLines } from "../../verify/event-lines.ts"
import { GroupVerification } from "../../verify/group-verification.ts"
import { textOf } from "../../verify/text.ts"
import { withExamples } from "../examples.ts"

interface Options {
  readonly maxMessages?: number
  readonly follow?: boolean
  readonly verbose?: boolean
  readonly acked?: string
  readonly group?: string
  readonly instanceId?: string
  readonly sessionTimeout?: number
  readonly assignor?: Assignor
}

/** Records told in one line. */
const RECORDS_A_LINE = 500

export function addConsume(parent: Command, shell: Shell): void {
  const command = parent
    .command("consume")
    .description(
      "Read a topic and write lines of JSON about what came, as kafka-verifiable-consumer does; with --acked check it.",
    )
    .argument("<topic>", "name of the topic")
    .option("--max-messages <n>", "end after so many records", integer(1))
    .option("--follow", "wait for more at the end, until Ctrl-C")
    .option("--verbose", "a line for each record")
    .option(
      "--acked <path>",
      "output of `strata verify produce`: every record in it has to be where it says, and once; ends with 1 otherwise",
    )
    .option("--group <name>", "as a member of this group, which commits what it read; not with --acked")
    .option("--instance-id <name>", "a static member of the group")
    .option(
      "--session-timeout <time>",
      "the group takes it for gone when it is silent for so long (default: 45s)",
      duration,
    )
    .addOption(new Option("--assignor <name>", "how partitions are shared out (default: uniform)").choices(assignors))
    .action((topic: string, options: Options, self: Command) => consume(shell.session(self), topic, options))
  withExamples(command, {
    "strata verify consume orders --acked acked.jsonl": "Is all there that was acknowledged?",
    "strata verify consume orders --verbose --max-messages 10": "Each record",
    "strata verify consume orders --group checks --follow": "A member: what it gets, reads, commits and gives up",
  })
}

async function consume(session: Session, topic: string, options: Options): Promise<void> {
  const said = eventLines(session)
  if (options.group !== undefined)
    return await consumeAsMember(session, { ...options, topic, group: options.group }, said)
  const named = (["instanceId", "sessionTimeout", "assignor"] as const).find((name) => options[name] !== undefined)
  if (named !== undefined) throw usageFailure("--instance-id, --session-timeout and --assignor need --group.")
  const check = options.acked === undefined ? undefined : await expectations(topic, options.acked)
  const offsets = await session.connect().topic(topic).offsets({ signal: session.stop })
  await said("startup_complete")
  await said("partitions_assigned", { partitions: offsets.map(({ partition }) => ({ topic, partition })) })
  const isWhole = await readAll(session, topic, options, said, check)
  await said("shutdown_complete")
  if (check === undefined || !isWhole) return
  const result = check.result()
  await said("verification", { ...result })
  if (result.problems === 0) return
  const detail = `${result.problems} of ${result.acked} acknowledged records are not as they were acknowledged; the first are told above.`
  throw new Failure(exitCodes.refused, { code: "verification_failed", detail })
}

async function consumeAsMember(
  session: Session,
  options: Options & { readonly topic: string; readonly group: string },
  said: EventLines,
): Promise<void> {
  if (options.acked !== undefined) throw usageFailure("--acked reads the whole topic by itself: leave out --group.")
  const { topic, group, follow, instanceId, assignor, sessionTimeout: sessionTimeoutMs } = options
  const { maxMessages = Number.POSITIVE_INFINITY, verbose = false } = options
  const member = { topic, group, follow, instanceId, assignor, sessionTimeoutMs, signal: session.stop }
  await said("startup_complete")
  await asMember(
    session,
    member,
    (consumer) => new GroupVerification(session, consumer, said, { maxMessages, verbose }),
  )
  await said("shutdown_complete")
}

async function expectations(topic: string, path: string): Promise<AckedCheck> {
  const check = new AckedCheck()
  let count = 0
  for await (const acked of readAckedFile(path)) {
    if (acked.topic !== topic) continue
    check.expect(acked)
    count++
  }
  if (count > 0) return check
  throw inputFailure(
    `${path} has no acknowledged record of topic ${topic}: it is to be output of \`strata verify produce\`.`,
  )
}

/** Whether it came to the end of the topic: otherwise nothing can be said to be missing. */
async function readAll(
  { connect, stop, out }: Session,
  topic: string,
  { maxMessages, follow, verbose }: Options,
  said: EventLines,
  check: AckedCheck | undefined,
): Promise<boolean> {
  const records = connect().topic(topic, { keyFormat: "bytes", valueFormat: "bytes" }).read({ follow, signal: stop })
  const consumed = new Consumed()
  const tell = () => (consumed.count === 0 ? undefined : said("records_consumed", consumed.take()))
  let count = 0
  let isWhole = true
  try {
    for await (const record of records) {
      const { partition, offset } = record
      const key = textOf(record.key)
      const value = textOf(record.value)
      consumed.add({ topic, partition, offset })
      check?.take({ partition, offset, key, value })
      if (verbose) await said("record_data", { topic, partition, offset, key, value })
      if (consumed.count === RECORDS_A_LINE) await tell()
      out.closed.throwIfAborted()
      if (++count === maxMessages) {
        isWhole = false
        break
      }
    }
  } catch (error) {
    if (!stop.aborted || out.closed.aborted) throw error
    isWhole = follow === true
  }
  await tell()
  return isWhole
}
