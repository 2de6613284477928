import { Command } from "commander"
import { API_KEY_HELP, AUTH_HELP, INSECURE_HELP, PROFILE_HELP } from "./auth/authentication.ts"
import { addAcl } from "./commands/acl/index.ts"
import { addCompletion } from "./commands/completion.ts"
import { addConsume } from "./commands/consume.ts"
import { addCopy } from "./commands/copy.ts"
import { addCost } from "./commands/cost.ts"
import { addDeleteRecords } from "./commands/delete-records.ts"
import { addDoctor } from "./commands/doctor.ts"
import { addGroup } from "./commands/group/index.ts"
import { addInspect } from "./commands/inspect.ts"
import { addKey } from "./commands/key/index.ts"
import { addLag } from "./commands/lag.ts"
import { addOffsets } from "./commands/offsets.ts"
import { addPerf } from "./commands/perf/index.ts"
import { addProduce } from "./commands/produce.ts"
import { addProfile } from "./commands/profile/index.ts"
import { addRestore } from "./commands/restore.ts"
import { addServe } from "./commands/serve.ts"
import { addTop } from "./commands/top.ts"
import { addTopic } from "./commands/topic/index.ts"
import { addVerify } from "./commands/verify/index.ts"
import { addWhoami } from "./commands/whoami.ts"
import { EXIT_CODES_HELP } from "./exit-codes.ts"
import { paintFor } from "./format/paint.ts"
import type { CliIo, Env } from "./io.ts"
import { DEFAULT_URL } from "./server-url.ts"
import { Shell } from "./session.ts"
import { packageVersion } from "./version.ts"

/** Width of help where there is no terminal to fit. */
const HELP_COLUMNS = 100

/** The whole command line, reading and writing only through `io` and `env`. Parsing it runs the command; errors are thrown. */
export function buildProgram(io: CliIo, env: Env): Command {
  const shell = new Shell(io, env)
  const program = configured(new Command("strata"), io, env)
  addServe(program, shell)
  addTopic(program, shell)
  addProduce(program, shell)
  addConsume(program, shell)
  addOffsets(program, shell)
  addGroup(program, shell)
  addLag(program, shell)
  addTop(program, shell)
  addDeleteRecords(program, shell)
  addCopy(program, shell)
  addInspect(program, shell)
  addDoctor(program, shell)
  addProfile(program, shell)
  addKey(program, shell)
  addAcl(program, shell)
  addWhoami(program, shell)
  addRestore(program, shell)
  addPerf(program, shell)
  addVerify(program, shell)
  addCost(program, shell)
  addCompletion(program, shell)
  return program
}

/** What all commands inherit. */
function configured(program: Command, io: CliIo, env: Env): Command {
  const paint = () => paintFor(io.stdout, env, program.opts()["color"] !== false)
  return program
    .description("Topics, records, offsets and consumer groups of a Stratalog server, from the command line.")
    .version(packageVersion(), "--version", "print the version")
    .option("--url <url>", `the server; also STRATALOG_URL (default: ${DEFAULT_URL})`)
    .option("--profile <name>", PROFILE_HELP)
    .option("--api-key <key>", API_KEY_HELP)
    .option("--auth <how>", AUTH_HELP)
    .option("--insecure", INSECURE_HELP)
    .option("--json", "print JSON: one document, or a line for each record; errors as a problem on stderr")
    .option("--no-color", "no colour on a terminal; also NO_COLOR")
    .helpOption("-h, --help", "show help")
    .addHelpText("after", `\n${EXIT_CODES_HELP}\n\nSTRATA_DEBUG=1 shows where an error comes from.`)
    .exitOverride()
    .configureHelp({ showGlobalOptions: true, styleTitle: (title) => paint()("bold", title) })
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
      // Errors are reported where all others are, by their exit code.
      outputError: () => {},
      getOutHelpWidth: () => io.stdout.columns ?? HELP_COLUMNS,
      getErrHelpWidth: () => io.stderr.columns ?? HELP_COLUMNS,
      getOutHasColors: () => paint()("bold", "x") !== "x",
      getErrHasColors: () => false,
    })
}
