import { type Command, InvalidArgumentError } from "commander"
import { StratalogError } from "../../client/errors.ts"
import { exitCodes } from "../exit-codes.ts"
import { Failure, usageFailure } from "../failure.ts"
import { integer, partition } from "../parse/integer.ts"
import { type NewLogStart, readOffsetJsonFile } from "../parse/offset-json-file.ts"
import type { Session, Shell } from "../session.ts"
import { withExamples } from "./examples.ts"

interface Options {
  readonly partition?: number
  readonly before?: number | "latest"
  readonly offsetJsonFile?: string
}

export function addDeleteRecords(program: Command, shell: Shell): void {
  const command = program
    .command("delete-records")
    .description("Delete the oldest records of a partition by moving its log start offset forward.")
    .argument("[topic]", "name of the topic; not with --offset-json-file")
    .option("--partition <n>", "the partition", partition)
    .option("--before <offset>", "delete the records below this offset, or `latest` for all there are", before)
    .option("--offset-json-file <path>", "topics, partitions and offsets from a file of kafka-delete-records; -1: all")
    .action(async (topic: string | undefined, options: Options, self: Command) => {
      const session = shell.session(self)
      await deleteAll(session, await wantedStarts(topic, options), options.offsetJsonFile !== undefined)
    })
  withExamples(command, {
    "strata delete-records orders --partition 0 --before 1000": "The log of partition 0 then starts at 1000",
    "strata delete-records orders --partition 0 --before latest": "Empty a partition; its offsets go on",
    "strata delete-records --offset-json-file offsets.json": "Several partitions, as kafka-delete-records takes them",
  })
}

const offset = integer(0)

function before(text: string): number | "latest" {
  if (text === "latest") return text
  try {
    return offset(text)
  } catch {
    throw new InvalidArgumentError("It must be an offset or latest.")
  }
}

async function wantedStarts(topic: string | undefined, options: Options): Promise<readonly NewLogStart[]> {
  const { partition: number, before: start, offsetJsonFile } = options
  if (offsetJsonFile === undefined) {
    if (topic === undefined || number === undefined || start === undefined) {
      throw usageFailure("Say a topic with --partition and --before, or --offset-json-file.")
    }
    return [{ topic, partition: number, before: start }]
  }
  if (topic !== undefined || number !== undefined || start !== undefined) {
    throw usageFailure("--offset-json-file names topics, partitions and offsets: give none beside it.")
  }
  return readOffsetJsonFile(offsetJsonFile)
}

/** One after the other; from a file, one that is refused does not keep back those behind it. */
async function deleteAll(session: Session, starts: readonly NewLogStart[], fromFile: boolean): Promise<void> {
  const log = session.connect()
  const deleted: { readonly topic: string; readonly partition: number; readonly logStartOffset: number }[] = []
  const refused: {
    readonly topic: string
    readonly partition: number
    readonly code: string
    readonly detail: string
  }[] = []
  for (const { topic, partition: number, before: start } of starts) {
    try {
      const done = await log.topic(topic).deleteRecords(number, { before: start, signal: session.stop })
      deleted.push({ topic, ...done })
    } catch (error) {
      if (!fromFile || !(error instanceof StratalogError) || error.status === undefined) throw error
      refused.push({ topic, partition: number, code: error.code, detail: error.detail })
    }
  }
  const lines = () => [
    ...deleted.map((each) => `${each.topic}:${each.partition} starts at offset ${each.logStartOffset}`),
    ...refused.map((each) => session.paint("red", `${each.topic}:${each.partition} is as it was: ${each.detail}`)),
  ]
  await session.print(fromFile ? { deleted, refused } : deleted[0], lines)
  if (refused.length === 0) return
  const detail = `${refused.length} of ${starts.length} partitions were refused; the others begin where the file says.`
  throw new Failure(exitCodes.refused, { code: "partial_failure", detail })
}
