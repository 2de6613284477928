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

## Whom a command asks, and as whom

What is said in several places is taken from the first of these:

1. the options \`--url\`, and \`--api-key\` or \`--auth\`
2. the profile that \`--profile\` names
3. the environment: STRATALOG_URL, and STRATALOG_API_KEY or STRATALOG_AUTH
4. the profile that STRATALOG_PROFILE names
5. http://127.0.0.1:8080, and nobody

A profile is a server and how it is asked, under a name: \`strata profile set prod --url https://log.example.com --api-key -\`
reads the key from stdin. It is kept in \`~/.config/stratalog/profiles.json\` (or in \`stratalog/\` of XDG_CONFIG_HOME), a file that
is used only while nobody but its owner can read it (mode 0600) and no other user can put another one in its place; who
cannot keep a file sets STRATALOG_API_KEY. On Windows files have no such modes: there it is as safe as the directory
that it is in.

\`\`\`json
{ "profiles": { "prod": { "url": "https://log.example.com", "apiKey": "stk_..." }, "aws": { "url": "https://...", "auth": "iam", "region": "eu-central-1" } } }
\`\`\`

A key goes where it belongs and nowhere else:

- \`--api-key\` is there for a quick try. While the command runs, everybody on the machine can read it in the list of processes.
- The key of a profile goes to the profile's own URL. With \`--url\` of another server the command ends before it sends anything.
- Over http:// a key goes to this machine alone. \`--insecure\` sends it to another one, too, where whoever listens can read it;
  with https:// it changes nothing, certificates are checked always. \`"insecure": true\` in a profile says it for its URL.
- \`strata copy\` has two servers: \`--from\` and \`--to\` take names of profiles, and no other key is sent.
- Redirects are not followed.

A certificate of an authority of your own is trusted where NODE_EXTRA_CA_CERTS names a file with that authority's
certificate, for the command as for every program on Node.

## Output

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
