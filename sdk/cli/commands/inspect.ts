import { readdir, stat } from "node:fs/promises"
import { join } from "node:path"
import type { Command } from "commander"
import { portableCodecs } from "../../record-batch/index.ts"
import { exitCodes } from "../exit-codes.ts"
import { Failure, inputFailure } from "../failure.ts"
import type { TextFormat } from "../format/bytes.ts"
import { inspectDataDirectory } from "../inspect/data-directory.ts"
import type { InspectSummary } from "../inspect/options.ts"
import { inspectSegment } from "../inspect/segment.ts"
import { formatOption } from "../parse/choices.ts"
import type { Session, Shell } from "../session.ts"
import { withExamples } from "./examples.ts"

interface Options {
  readonly records?: boolean
  readonly format: TextFormat
  readonly keyFormat: TextFormat
}

export function addInspect(program: Command, shell: Shell): void {
  const command = program
    .command("inspect")
    .description(
      "Show what lies in a Kafka segment file (.log) or in a data directory. Reads only, also while a server runs, " +
        "and goes on behind what is broken; ends with 1 where something is.",
    )
    .argument("<path>", "a segment file, a directory with segment files, or a server's data directory")
    .option("--records", "decode the records of each batch")
    .addOption(formatOption("--format <format>", "how values are written", "utf8"))
    .addOption(formatOption("--key-format <format>", "how keys are written", "utf8"))
    .action((path: string, options: Options, self: Command) => inspect(shell.session(self), path, options))
  withExamples(command, {
    "strata inspect 00000000000000000000.log": "The batches of a segment",
    "strata inspect 00000000000000000000.log --records --format json": "With their records",
    "strata inspect .stratalog": "A server's data directory",
  })
}

async function inspect(session: Session, path: string, options: Options): Promise<void> {
  const formats = { key: options.keyFormat, value: options.format }
  const wanted = { records: options.records === true, formats, codecs: portableCodecs() }
  const segments = await segmentFiles(path)
  const summaries: InspectSummary[] = []
  if (segments === undefined) summaries.push(await inspectDataDirectory(session, path, wanted))
  else for (const file of segments) summaries.push(await inspectSegment(session, file, wanted))
  if (summaries.some(({ bad, unreadableBytes }) => bad > 0 || unreadableBytes > 0)) {
    throw new Failure(exitCodes.refused, {
      code: "damaged",
      detail: `${path} has parts that are not right; they are marked above.`,
    })
  }
}

const SEGMENT_NAME = /^\d{20}\.log$/

/** The files to read as segments; undefined for a directory that holds none. */
async function segmentFiles(path: string): Promise<readonly string[] | undefined> {
  try {
    if (!(await stat(path)).isDirectory()) return [path]
    const names = (await readdir(path)).filter((name) => SEGMENT_NAME.test(name)).sort()
    return names.length === 0 ? undefined : names.map((name) => join(path, name))
  } catch (error) {
    throw inputFailure(`Cannot read ${path}: ${error instanceof Error ? error.message : error}`, { cause: error })
  }
}
