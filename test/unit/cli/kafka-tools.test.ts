/** Every command line of docs/kafka-tools.md, in its order, against one server. */
import { readFileSync } from "node:fs"
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type RunningServer, startServer } from "stratalog-server"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { runCli } from "../../fakes/cli-io.ts"

const page = readFileSync(new URL("../../../docs/kafka-tools.md", import.meta.url), "utf8")
const lines = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block = ""]) => block.trim().split("\n"))

let directory: string
let server: RunningServer
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "strata-kafka-tools-"))
  server = await startServer({ dataDir: join(directory, ".stratalog"), port: 0, auth: "required" })
  await writeFile(join(directory, "orders.txt"), 'u1:{"qty":1}\nu2:{"qty":3}\n')
  await writeFile(
    join(directory, "offsets.json"),
    '{"partitions":[{"topic":"orders","partition":1,"offset":0},{"topic":"orders","partition":0,"offset":-1}],"version":1}',
  )
})
afterAll(async () => {
  await server.close()
  await rm(directory, { recursive: true, force: true })
})

/** The words of a line as a shell takes them; quotes may be inside of a word. */
const wordsOf = (line: string) => [...line.matchAll(/(?:'[^']*'|[^\s'])+/g)].map(([word]) => word.replaceAll("'", ""))

/** Files of the page lie in the test's own directory. */
const inDirectory = (word: string) =>
  /^(\.stratalog|[a-z]+\.(txt|json|jsonl|csv))$/.test(word) ? join(directory, word) : word

async function run(line: string): Promise<void> {
  const [, command = "", , input, , output] = /^strata (.*?)( < (\S+))?( > (\S+))?$/.exec(line) ?? []
  const given = input === undefined ? "" : await readFile(inDirectory(input), "utf8")
  const options = {
    input: given,
    env: { STRATALOG_URL: server.url, STRATALOG_API_KEY: server.firstKey, HOME: directory },
  }
  const { code, stdout, stderr } = await runCli(wordsOf(command).map(inDirectory), options)
  expect([code, stderr], line).toEqual([0, expect.not.stringMatching(/^strata:/m)])
  if (output !== undefined) await writeFile(inDirectory(output), stdout)
}

describe("docs/kafka-tools.md", () => {
  it("has command lines that all work, one after the other", async () => {
    expect(lines.length).toBeGreaterThan(45)
    for (const line of lines) await run(line)
  })

  it("leads to every script by its heading", () => {
    const headings = [...page.matchAll(/^## (.*)$/gm)].map(([, title = ""]) => title.toLowerCase().replaceAll(" ", "-"))
    const links = [...page.matchAll(/\]\(#([\w-]+)\)/g)].map(([, target]) => target)
    expect(links.length).toBeGreaterThan(9)
    expect(links.filter((target) => target !== undefined && !headings.includes(target))).toEqual([])
  })
})
