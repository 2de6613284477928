import { Writable } from "node:stream"
import type { Command } from "commander"
import { buildProgram } from "./program.ts"

const COLUMNS = 100

const INTRODUCTION = `# The command line

\`strata\` works against any Stratalog server by its URL: \`--url\`, or STRATALOG_URL, or http://127.0.0.1:8080.

- With the package: \`npm install stratalog\`, then \`npx strata topic list\`. Node 20.16 or later; \`strata serve\`, and
  \`strata inspect\` and \`strata doctor\` of a data directory, need Node 24 and \`npm install stratalog-server\`.
- From one service to another: [docs/move.md](move.md).
- Coming from Kafka's scripts: [docs/kafka-tools.md](kafka-tools.md) says what each is here.
- In the repository: \`npm run -s strata -- topic list\`.

People get tables; on a terminal with colour, local times and rounded sizes, in a pipe with ISO 8601 times and exact
numbers. \`--json\` gives one JSON document, or a line for each record, and errors as a problem on stderr with the server's
\`code\`, \`retryable\` and \`sideEffects\`.

This page is made from the help texts by \`npm run docs:cli\`.
`

/** docs/cli.md: the help of every command. */
export function cliReference(): string {
  const help: string[] = []
  const stdout = Object.assign(
    new Writable({ write: (chunk, _encoding, done) => done(void help.push(String(chunk))) }),
    {
      columns: COLUMNS,
    },
  )
  const stop = new AbortController().signal
  const program = buildProgram({ stdin: process.stdin, stdout, stderr: stdout, stop, now: () => 0 }, {})
  return [INTRODUCTION, ...sections(program, help, "")].join("\n")
}

function sections(command: Command, help: string[], parent: string): string[] {
  const name = `${parent}${command.name()}`
  help.length = 0
  // Told once, at the top.
  command.configureHelp({ ...command.configureHelp(), showGlobalOptions: false })
  command.outputHelp()
  const own = `## ${name}\n\n\`\`\`text\n${help.join("").trimEnd()}\n\`\`\`\n`
  return [own, ...command.commands.flatMap((child) => sections(child, help, `${name} `))]
}
