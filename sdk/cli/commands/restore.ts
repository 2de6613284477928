import type { Command } from "commander"
import { exitCodes } from "../exit-codes.ts"
import { Failure } from "../failure.ts"
import { Progress } from "../progress.ts"
import { findingOf, type PartitionReport, type Tally, tallyLines, tallyOf } from "../restore/report.ts"
import { serverFunction } from "../server-package.ts"
import type { Session, Shell } from "../session.ts"
import { withExamples } from "./examples.ts"

interface Options {
  readonly table: string
  readonly bucket: string
  readonly toBucket?: string
  readonly dryRun?: boolean
  readonly readAll?: boolean
}

export function addRestore(program: Command, shell: Shell): void {
  const command = program
    .command("restore")
    .description(
      "Bring back the objects that a DynamoDB table refers to and its bucket has deleted: for a table that was taken back to an " +
        "earlier time (docs/backup.md). Says which records cannot be had; ends with 1 where there are some. Safe to repeat. " +
        "Region and credentials come from where the AWS CLI finds them.",
    )
    .requiredOption("--table <name>", "the restored table")
    .requiredOption("--bucket <name>", "the bucket that keeps versions of what was deleted")
    .option("--to-bucket <name>", "copy the objects into this bucket, and leave the other one as it is")
    .option("--dry-run", "say what would be brought back, and change nothing")
    .option("--read-all", "read and check every object, not only those that are brought back")
    .action((options: Options, self: Command) => restore(shell.session(self), options))
  withExamples(command, {
    "strata restore --table stratalog-1200 --bucket stratalog-objects --dry-run":
      "What is missing, and whether it can be had",
    "strata restore --table stratalog-1200 --bucket stratalog-objects": "Bring it back",
    "strata restore --table stratalog-1200 --bucket stratalog-objects --to-bucket rehearsal":
      "Into another bucket, beside a log that runs",
  })
}

async function restore(session: Session, { table, bucket, toBucket, dryRun, readAll }: Options): Promise<void> {
  const restoreObjects = await serverFunction("restoreObjects")
  const s3Endpoint = session.env["AWS_ENDPOINT_URL_S3"] || session.env["AWS_ENDPOINT_URL"]
  const options = { table, bucket, toBucket, dryRun, readAll, ...(s3Endpoint && { s3Endpoint }) }
  const found = restoreObjects(options)
  if (!isReports(found)) throw new Error("stratalog-server gives no reports of a restoration")
  let reports: readonly PartitionReport[]
  try {
    reports = await tellAll(session, found)
  } catch (error) {
    throw explained(error)
  }
  const tally = tallyOf(reports)
  const result = { table, bucket, ...(toBucket !== undefined && { toBucket }), dryRun: dryRun === true, ...tally }
  await session.print(result, () => tallyLines(tally, dryRun === true, session.show.bytes))
  endWithLosses(tally)
}

/** Says of each partition that is not whole what it lacks, as soon as it is known. */
async function tellAll(session: Session, found: AsyncIterable<PartitionReport>): Promise<readonly PartitionReport[]> {
  using progress = new Progress(session, { total: undefined, unit: "bytes" })
  const reports: PartitionReport[] = []
  let bytes = 0
  for await (const report of found) {
    session.stop.throwIfAborted()
    reports.push(report)
    if (report.outcome.kind === "restored") bytes += report.outcome.bytes
    progress.update(bytes)
    const finding = findingOf(report)
    if (finding === undefined || session.json) continue
    progress.clear()
    for (const line of finding) await session.out.line(line)
  }
  progress.clear()
  return reports
}

/** Where table or bucket cannot be used at all, the server package says so in a sentence. */
function explained(error: unknown): unknown {
  const isSentence = error instanceof Error && (error.name === "StorageUnavailable" || codeOf(error) === "cannot_start")
  if (!isSentence) return error
  return new Failure(exitCodes.refused, { code: "unusable", detail: error.message }, { cause: error })
}

function codeOf(error: Error): unknown {
  return "code" in error ? error.code : undefined
}

/** The versions of both packages go together; the reports are not checked one by one. */
function isReports(value: unknown): value is AsyncIterable<PartitionReport> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value
}

function endWithLosses({ losses, failures }: Tally): void {
  if (losses.length > 0) {
    const detail = `${losses.length} pieces of the log cannot be had; see above.`
    throw new Failure(exitCodes.refused, { code: "incomplete", detail, advice: "docs/backup.md says what that means." })
  }
  if (failures.length > 0) {
    const detail = `${failures.length} partitions could not be looked at. ${failures[0]?.detail}`
    throw new Failure(exitCodes.refused, { code: "incomplete", detail, advice: "Run it again: it does the rest." })
  }
}
