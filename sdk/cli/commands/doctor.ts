import type { Command } from "commander"
import { checkDirectory } from "../doctor/directory-checks.ts"
import type { Finding } from "../doctor/finding.ts"
import { findingLines, tallyLine, tallyOf } from "../doctor/report.ts"
import { checkRoundTrip } from "../doctor/round-trip.ts"
import { checkServer } from "../doctor/server-checks.ts"
import { exitCodes } from "../exit-codes.ts"
import { Failure, usageFailure } from "../failure.ts"
import type { Session, Shell } from "../session.ts"
import { withExamples } from "./examples.ts"

interface Options {
  readonly write?: boolean
}

export function addDoctor(program: Command, shell: Shell): void {
  const command = program
    .command("doctor")
    .description(
      "Check a deployment by its URL, or a data directory, and say what to do about what is not right. Changes nothing; " +
        "ends with 1 where something is wrong, with 3 where nobody answers.",
    )
    .argument("[target]", "a URL or a data directory (default: the server of --url)")
    .option("--write", "append and read records as well, in a topic that is made for it and deleted afterwards")
    .action(async (target: string | undefined, options: Options, self: Command) => {
      const session = shell.session(self)
      if (target === undefined || /^https?:/.test(target))
        await examineServer(target === undefined ? session : shell.sessionAt(self, target), options)
      else await examineDirectory(session, target, options)
    })
  withExamples(command, {
    "strata doctor": "The server at STRATALOG_URL, or on this machine",
    "strata doctor https://log.example.com --write": "Another one, with records on their way in and out",
    "strata doctor .stratalog": "A data directory, also while its server runs",
  })
}

async function examineServer(session: Session, { write }: Options): Promise<void> {
  const findings = await tell(session, checkServer(session))
  const reached = findings.some(({ check, status }) => check === "reach" && status === "ok")
  if (reached && write === true) findings.push(...(await tell(session, checkRoundTrip(session))))
  await conclude(session, session.url, findings)
  if (!reached) throw failure(exitCodes.cannotConnect, `Nothing more can be said of ${session.url}.`)
  endWithFailures(session.url, findings)
}

async function examineDirectory(session: Session, directory: string, { write }: Options): Promise<void> {
  if (write === true) throw usageFailure("--write is for a server: give its URL.")
  const findings = await tell(session, checkDirectory(session, directory))
  await conclude(session, directory, findings)
  endWithFailures(directory, findings)
}

/** Shows each finding as it comes; some take their time. */
async function tell(session: Session, findings: AsyncIterable<Finding>): Promise<Finding[]> {
  const all: Finding[] = []
  for await (const finding of findings) {
    all.push(finding)
    if (session.json) continue
    for (const line of findingLines(session, finding)) await session.out.line(line)
  }
  return all
}

async function conclude(session: Session, target: string, findings: readonly Finding[]): Promise<void> {
  const tally = tallyOf(findings)
  await session.print({ target, ...tally, findings }, () => ["", tallyLine(tally)])
}

function endWithFailures(target: string, findings: readonly Finding[]): void {
  const { fail } = tallyOf(findings)
  if (fail > 0) throw failure(exitCodes.refused, `${fail} of ${findings.length} checks of ${target} failed; see above.`)
}

function failure(exitCode: typeof exitCodes.refused | typeof exitCodes.cannotConnect, detail: string): Failure {
  return new Failure(exitCode, { code: "not_well", detail })
}
