import type { Command } from "commander"
import { exitCodes } from "../../exit-codes.ts"
import { Failure, inputFailure } from "../../failure.ts"
import { integer } from "../../parse/integer.ts"
import type { Session, Shell } from "../../session.ts"
import { AckedCheck } from "../../verify/acked-check.ts"
import { readAckedFile } from "../../verify/acked-file.ts"
import { Consumed } from "../../verify/consumed.ts"
import { type EventLines, eventLines } from "../../verify/event-lines.ts"
import { withExamples } from "../examples.ts"

interface Options {
  readonly maxMessages?: number
  readonly follow?: boolean
  readonly verbose?: boolean
  readonly acked?: string
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
    .action((topic: string, options: Options, self: Command) => consume(shell.session(self), topic, options))
  withExamples(command, {
    "strata verify consume orders --acked acked.jsonl": "Is all there that was acknowledged?",
    "strata verify consume orders --verbose --max-messages 10": "Each record",
  })
}

async function consume(session: Session, topic: string, options: Options): Promise<void> {
  const said = eventLines(session)
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

function textOf(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : Buffer.from(bytes).toString()
}
