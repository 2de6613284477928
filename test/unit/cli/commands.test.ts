import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type RunningServer, startServer } from "stratalog-server"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type CliOptions, type CliResult, openInput, runCli } from "../../fakes/cli-io.ts"

let dataDir: string
let server: RunningServer
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "strata-commands-"))
  server = await startServer({ dataDir, port: 0 })
})
afterAll(async () => {
  await server.close()
  await rm(dataDir, { recursive: true, force: true })
})

const strata = (line: string | readonly string[], options: CliOptions = {}): Promise<CliResult> => {
  const args = typeof line === "string" ? line.split(" ") : line
  return runCli(args, { ...options, env: { STRATALOG_URL: server.url, ...options.env } })
}

let topics = 0
/** A new topic's name; made with `create`. */
async function topicWith(partitions = 1): Promise<string> {
  const name = `topic-${topics++}`
  expect((await strata(`topic create ${name} --partitions ${partitions}`)).code).toBe(0)
  return name
}

const jsonLines = (text: string) =>
  text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))

describe("topics", () => {
  it("are created once and the same again", async () => {
    const create = "topic create made --partitions 2 --config retention.ms=7d"
    expect(await strata(create)).toMatchObject({ code: 0, stdout: "Created made, 2 partitions\n" })
    expect((await strata(create)).stdout).toContain("Exists already")
    const other = await strata("topic create made --partitions 3")
    expect(other).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining("strata topic alter") })
  })

  it("are listed and described, in JSON as one document", async () => {
    const name = await topicWith(2)
    expect((await strata(`topic list --prefix ${name}`)).stdout).toMatch(/^TOPIC +PARTITIONS .*\ntopic-\d+ +2 /)
    expect(JSON.parse((await strata(`topic list --prefix ${name} --json`)).stdout).topics).toHaveLength(1)
    expect((await strata(`topic describe ${name}`)).stdout).toMatch(
      /PARTITION +LOG START[\s\S]*\n +1 +0 +0[\s\S]*retention.ms/,
    )
    expect(JSON.parse((await strata(`--json topic describe ${name}`)).stdout)).toMatchObject({
      name,
      offsets: [{ partition: 0 }, { partition: 1 }],
    })
    expect(await strata("topic list --prefix none-")).toMatchObject({
      code: 0,
      stdout: "",
      stderr: expect.stringContaining("No topics"),
    })
  })

  it("are altered, set and reset", async () => {
    const name = await topicWith()
    const altered = await strata(`topic alter ${name} --partitions 4 --config segment.bytes=1MiB`)
    expect(altered.stdout).toBe(`Altered ${name}: 4 partitions, segment.bytes=1048576\n`)
    expect((await strata(`topic alter ${name} --delete-config segment.bytes`)).stdout).toBe(
      `Altered ${name}: 4 partitions\n`,
    )
    expect(await strata(`topic alter ${name}`)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("Nothing to change"),
    })
    expect((await strata(`topic alter ${name} --partitions 2`)).code).toBe(1)
  })

  it("are taken as they are, or as gone, where scripts of Kafka say so", async () => {
    const name = await topicWith(2)
    const as = (line: string) => strata(`topic ${line} --json`).then(({ stdout }) => JSON.parse(stdout))
    expect(await as(`create ${name} --partitions 5 --if-not-exists`)).toMatchObject({ created: false, partitions: 2 })
    expect(await as(`create ${name}-new --if-not-exists`)).toMatchObject({ created: true })
    expect(await as(`delete ${name}-new --yes --if-exists`)).toMatchObject({ deleted: true })
    expect(await as(`delete ${name}-new --yes --if-exists`)).toMatchObject({ deleted: false })
    await strata(`topic alter ${name} --config cleanup.policy=[compact,delete]`)
    expect(await as(`describe ${name}`)).toMatchObject({ config: { "cleanup.policy": "compact,delete" } })
    const other = await topicWith()
    expect((await as(`describe ${name} ${other}`)).topics).toMatchObject([{ name }, { name: other }])
  })

  it("are deleted on a terminal only after a yes, elsewhere only with --yes", async () => {
    const name = await topicWith()
    expect(await strata(`topic delete ${name}`)).toMatchObject({ code: 2, stderr: expect.stringContaining("--yes") })
    const no = await strata(`topic delete ${name}`, { terminal: true, input: "n\n" })
    expect(no).toMatchObject({ code: 0, stdout: "Nothing was deleted.\n" })
    const yes = await strata(`topic delete ${name}`, { terminal: true, input: "y\n" })
    expect(yes).toMatchObject({ code: 0, stdout: `Deleted ${name}\n` })
    expect(await strata(`topic delete ${name} --yes`)).toMatchObject({ code: 1, stderr: expect.stringContaining(name) })
  })
})

describe("errors", () => {
  it("are the server's problem in JSON, and a sentence with what to do otherwise", async () => {
    const inJson = await strata("topic describe nothing --json")
    expect(inJson).toMatchObject({ code: 1, stdout: "" })
    expect(JSON.parse(inJson.stderr)).toMatchObject({ code: "topic_not_found", status: 404, sideEffects: "none" })
    const text = (await strata("topic describe nothing")).stderr
    expect(text).toContain("nothing")
    expect(text).toContain("strata topic create")
    expect(text).not.toContain("    at ")
  })

  it("list the fields that were refused", async () => {
    const { stderr } = await strata("topic create x --config retention.mss=1 --config cleanup.policy=none")
    expect(stderr).toMatch(/config\.cleanup\.policy: .*\n.*config\.retention\.mss: /)
  })

  it("show where they come from only when asked", async () => {
    expect((await strata("topic describe nothing", { env: { STRATA_DEBUG: "1" } })).stderr).toContain("    at ")
  })

  it.each([
    ["topik list", "Did you mean topic?"],
    ["topic lst", "Did you mean list?"],
    ["topic list --prefx a", "Did you mean --prefix?"],
    ["topic list extra", "too many arguments"],
    ["consume", "missing required argument 'topic'"],
    ["consume x --from soon", "earliest"],
    ["consume x --max 0", "whole number from 1"],
    ["consume x --format plain", "none of json, utf8, base64, raw"],
    ["consume x --format %q", "means nothing"],
    ["consume x --json --format raw", "--json"],
    ["consume x --commit-every 5", "--group"],
    ["consume x --instance-id a", "--group"],
    ["consume x --group g --partition 0", "leave out --partition"],
    ["consume x --group g --from 5", "strata group reset"],
    ["consume x --max 1 --max-messages 1", "the same"],
    ["consume x --from latest --from-beginning", "not both"],
    ["group describe", "--all"],
    ["group describe g --all", "not both"],
    ["group reset g", "exactly one of --to-earliest"],
    ["group reset g --to-earliest --to-latest", "exactly one of"],
    ["group reset g --to-latest --topic x:y", "orders:0,1"],
    ["group reset g --shift-by some", "-10"],
    ["group reset g --by-duration PT", "PT15M"],
    ["group reset g --to-latest --execute --dry-run", "not both"],
    ["group reset g --from-file f --topic x", "leave out --topic"],
    ["produce x 1 --file y", "not both"],
    ["produce x 1 --key a --key-separator :", "not both"],
    ["produce x 1 --key { --key-format json", "not JSON"],
    ["group commit g orders", "orders:0=42"],
    ["topic list --url ftp://x", "http://127.0.0.1:8080"],
    ["delete-records x --partition 0", "--before"],
    ["delete-records x --offset-json-file y", "none beside it"],
    ["offsets x:y", "<topic>:0-3"],
    ["offsets [", "regular expression"],
    ["offsets x --time -3", "The log has no -3"],
  ])("of usage end with 2: %s", async (line, told) => {
    const { code, stdout, stderr } = await strata(line)
    expect(stderr.toLowerCase()).toContain(told.toLowerCase())
    expect([code, stdout]).toEqual([2, ""])
    const inJson = await strata(`${line} --json`)
    expect(JSON.parse(inJson.stderr)).toMatchObject({ code: "usage" })
  })

  it("of the connection end with 3 and say how to start a server", async () => {
    const nobody = await startServer({ dataDir: join(dataDir, "nobody"), port: 0 })
    await nobody.close()
    const { code, stderr } = await strata(`topic list --url ${nobody.url}`)
    expect(code).toBe(3)
    expect(stderr).toMatch(/Cannot connect.*\n.*strata serve.*npm start/)
  })

  it("are coloured on a terminal only", async () => {
    const colour = "\u001b["
    expect((await strata("topic describe nothing", { terminal: true })).stderr).toContain(colour)
    expect((await strata("topic describe nothing --no-color", { terminal: true })).stderr).not.toContain(colour)
    expect((await strata("topic describe nothing", { terminal: true, env: { NO_COLOR: "1" } })).stderr).not.toContain(
      escape,
    )
    expect((await strata("topic describe nothing")).stderr).not.toContain(colour)
  })
})

describe("produce", () => {
  it("appends values and tells where they are", async () => {
    const name = await topicWith()
    expect(await strata(["produce", name, '{"n":1}', "--key", "u1"])).toMatchObject({ code: 0, stdout: "0:0\n" })
    expect((await strata(["produce", name, "1", "2", "3"])).stdout).toBe("0:1-3  3 records\n")
    const told = jsonLines((await strata(["produce", name, "4", "--json"])).stdout)
    expect(told).toEqual([{ topic: name, partition: 0, offset: 4, timestamp: expect.any(Number) }])
  })

  it("takes lines with keys and headers from stdin or a file", async () => {
    const name = await topicWith(3)
    const input = "u1:1\r\nu2:2\nu1:3"
    expect((await strata(`produce ${name} --key-separator : --header a=1 --header a=2`, { input })).code).toBe(0)
    const path = join(dataDir, "lines.txt")
    await writeFile(path, input)
    expect((await strata(`produce ${name} --key-separator : --partition 2 --file ${path}`)).stdout).toContain("2:")
    const records = jsonLines((await strata(`consume ${name} --json`)).stdout)
    expect(records).toHaveLength(6)
    expect(records.filter(({ key }) => key === "u1").map(({ value }) => value)).toEqual([1, 3, 1, 3])
    expect(records.filter(({ headers }) => headers !== undefined)).toHaveLength(3)
  })

  it("stops at a line that is not right, once what was good is appended", async () => {
    const name = await topicWith()
    const { code, stdout, stderr } = await strata(`produce ${name}`, { input: "1\n2\n{\n4\n" })
    expect([code, stdout]).toEqual([1, "0:0-1  2 records\n"])
    expect(stderr).toContain("line 3: the value is not JSON")
    expect((await strata(`consume ${name}`)).stdout).toBe("1\n2\n")
  })

  it("skips such lines when told to", async () => {
    const name = await topicWith()
    const { code, stderr } = await strata(`produce ${name} --skip-bad`, { input: "1\n{\n3\n" })
    expect([code, stderr]).toEqual([0, expect.stringContaining("skipped line 2")])
    expect((await strata(`consume ${name}`)).stdout).toBe("1\n3\n")
  })

  it("shows a person how far a file is, and programs nothing of it", async () => {
    const name = await topicWith()
    const path = join(dataDir, "long.txt")
    await writeFile(path, "1\n{\n3\n")
    const shown = await strata(`produce ${name} --file ${path} --skip-bad`, { terminal: true })
    expect(shown.stderr).toMatch(/\[█* *\] +\d+% {2}\d+ B of 6 B/)
    expect(shown.stderr).toContain("\r\u001b[Kstrata: skipped line 2")
    expect((await strata(`produce ${name} --file ${path} --skip-bad`)).stderr).toMatch(/^strata: skipped line 2.*\n$/)
  })

  it("reports what the server refuses", async () => {
    expect(await strata("produce nothing 1")).toMatchObject({ code: 1, stderr: expect.stringContaining("nothing") })
    const name = await topicWith()
    expect((await strata(`produce ${name} 1 --partition 7`)).code).toBe(1)
  })

  it("appends what it has read when it is told to end", async () => {
    const name = await topicWith()
    const input = openInput()
    const acknowledged = (text: string, cli: { stop(signal: "SIGINT"): void }) =>
      text.includes("offset") && cli.stop("SIGINT")
    const ended = strata(`produce ${name} --json`, { input, onOutput: acknowledged })
    input.write("1\n")
    expect(await ended).toMatchObject({ code: 130, stderr: "", stdout: expect.stringContaining('"offset":0') })
    expect((await strata(`consume ${name}`)).stdout).toBe("1\n")
  })

  it.each(["gzip", "zstd"])("compresses with %s", async (codec) => {
    const name = await topicWith()
    expect((await strata(`produce ${name} --compression ${codec} --linger 1h`, { input: "1\n2\n" })).code).toBe(0)
    expect((await strata(`consume ${name}`)).stdout).toBe("1\n2\n")
  })
})

describe("consume", () => {
  it("writes values, whole records, or what a template says", async () => {
    const name = await topicWith()
    await strata(["produce", name, '{"a":1}', "null", "--key", "k", "--header", "h=x"])
    expect((await strata(`consume ${name}`)).stdout).toBe('{"a":1}\nnull\n')
    expect(jsonLines((await strata(`consume ${name} --json`)).stdout)[1]).toEqual({
      topic: name,
      partition: 0,
      offset: 1,
      timestamp: expect.any(Number),
      key: "k",
      value: null,
      headers: [["h", "x"]],
    })
    const templated = await strata(["consume", name, "--format", "%t %p %o %k %v %h\\n"])
    expect(templated.stdout).toBe(`${name} 0 0 k {"a":1} h=x\n${name} 0 1 k  h=x\n`)
    expect((await strata(`consume ${name} --format raw`)).stdout).toBe('{"a":1}')
    expect((await strata(`consume ${name} --format base64`)).stdout).toBe("eyJhIjoxfQ==\nnull\n")
  })

  it("shows a person where a record is, and no control characters", async () => {
    const name = await topicWith()
    await strata(["produce", name, "\u001b[2Jx", "--format", "utf8"])
    const { stdout } = await strata(`consume ${name} --format utf8 --no-color`, { terminal: true })
    expect(stdout).toMatch(/^0:0 {2}\d{4}-\d\d-\d\d [\d:.]+ {2}- {2}\\u001b\[2Jx\n$/)
  })

  it("begins and ends where it is told to", async () => {
    const name = await topicWith(2)
    for (const value of ["0", "1", "2"]) await strata(`produce ${name} ${value} --partition 1`)
    expect((await strata(`consume ${name} --partition 1 --from 1`)).stdout).toBe("1\n2\n")
    expect((await strata(`consume ${name} --max 2`)).stdout).toBe("0\n1\n")
    expect((await strata(`consume ${name} --from latest`)).stdout).toBe("")
    expect((await strata(`consume ${name} --from -1h`)).stdout).toBe("0\n1\n2\n")
    expect((await strata(`consume ${name} --from -1h`, { now: Date.now() + 7_200_000 })).stdout).toBe("")
    expect(await strata(`consume ${name} --from 1`)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--partition"),
    })
    expect(await strata(`consume ${name} --partition 5`)).toMatchObject({ code: 2 })
    expect(await strata(`consume ${name} --partition 1 --from 99`)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("99"),
    })
  })

  it("follows a topic until it is told to end", async () => {
    const name = await topicWith()
    await strata(`produce ${name} 1`)
    const ended = await strata(`consume ${name} --follow`, {
      onOutput: (text, cli) => {
        if (text === "1\n") void strata(`produce ${name} 2`)
        else cli.stop("SIGINT")
      },
    })
    expect(ended).toEqual({ code: 130, stdout: "1\n2\n", stderr: "" })
  })

  it("ends quietly when nobody reads any more", async () => {
    const name = await topicWith()
    await strata(`produce ${name} 1 2 3`)
    const ended = await strata(`consume ${name} --follow`, { onOutput: (_text, cli) => cli.leave() })
    expect(ended).toMatchObject({ code: 0, stderr: "" })
  })

  it("goes on where its group is, and commits what it wrote", async () => {
    const name = await topicWith()
    const group = `group-${name}`
    await strata(`produce ${name} 1 2 3`)
    expect((await strata(`consume ${name} --group ${group} --max 2`)).stdout).toBe("1\n2\n")
    const followed = await strata(`consume ${name} --group ${group} --follow`, {
      onOutput: (_text, cli) => cli.stop("SIGTERM"),
    })
    expect(followed).toMatchObject({ code: 143, stdout: "3\n" })
    const { offsets } = JSON.parse((await strata(`group offsets ${group} --json`)).stdout)
    expect(offsets).toMatchObject([{ topic: name, partition: 0, offset: 3 }])
    expect((await strata(`consume ${name} --group ${group}`)).stdout).toBe("")
  })

  it("does not commit what a reader that left has not seen", async () => {
    const name = await topicWith()
    await strata(`produce ${name} 1 2 3`)
    await strata(`consume ${name} --group left-${name}`, { onOutput: (text, cli) => text === "2\n" && cli.leave() })
    expect((await strata(`consume ${name} --group left-${name} --max 1`)).stdout).toBe("1\n")
  })
})

describe("offsets and groups", () => {
  it("show both ends and the offset at a time", async () => {
    const name = await topicWith()
    await strata(`produce ${name} 1 2 3`)
    expect((await strata(`offsets ${name}`)).stdout).toMatch(/LOG START +HIGH WATERMARK\n +0 +0 +3\n/)
    expect(JSON.parse((await strata(`offsets ${name} --time -1h --json`)).stdout).offsets).toMatchObject([
      { offset: 0 },
    ])
    expect(await strata(`delete-records ${name} --partition 0 --before 2`)).toMatchObject({
      code: 0,
      stdout: `${name}:0 starts at offset 2\n`,
    })
    expect((await strata(`consume ${name}`)).stdout).toBe("3\n")
    expect((await strata(`delete-records ${name} --partition 0 --before latest`)).stdout).toContain("offset 3")
    expect((await strata(`delete-records ${name} --partition 0 --before 99`)).code).toBe(1)
  })

  it("are shown by Kafka's words: ends by number, partitions of several topics by pattern", async () => {
    const [one, other] = [await topicWith(3), await topicWith(2)]
    await strata(`produce ${one} 1 2 --partition 1`)
    const partitionsOf = async (line: string) =>
      JSON.parse((await strata(`${line} --json`)).stdout).offsets.map(
        (row: { topic: string; partition: number; offset?: number }) =>
          `${row.topic}:${row.partition}${row.offset === undefined ? "" : `=${row.offset}`}`,
      )
    expect(await partitionsOf(`offsets ${one} --time -1`)).toEqual([`${one}:0=0`, `${one}:1=2`, `${one}:2=0`])
    expect(await partitionsOf(`offsets ${one}:1 --time -2`)).toEqual([`${one}:1=0`])
    expect(await partitionsOf(`offsets ${one}:1-3,${other}:-1`)).toEqual([`${one}:1`, `${one}:2`, `${other}:0`])
    expect(await partitionsOf(`offsets ${one}:2- ^(${other}|none)$:1`)).toEqual([`${one}:2`, `${other}:1`])
    expect((await strata(`offsets ${one} ${other}`)).stdout).toMatch(/^TOPIC +PARTITION/)
    expect((await strata("offsets --json")).stdout).toContain(other)
    expect(await strata("offsets none-.*")).toMatchObject({
      code: 0,
      stdout: "",
      stderr: expect.stringContaining("list"),
    })
    expect(await strata(`offsets ${one}:7`)).toMatchObject({ code: 1, stderr: expect.stringContaining("0 to 2") })
    expect((await strata("offsets no-such-topic")).code).toBe(1)
  })

  it("are where a file of kafka-delete-records says", async () => {
    const name = await topicWith(2)
    await strata(`produce ${name} 1 2 3 --partition 0`)
    await strata(`produce ${name} 4 5 --partition 1`)
    const path = join(dataDir, "offsets.json")
    const remove = async (partitions: unknown, version = 1) => {
      await writeFile(path, JSON.stringify({ partitions, version }))
      return strata(`delete-records --offset-json-file ${path}`)
    }
    const both = await remove([
      { topic: name, partition: 0, offset: 2 },
      { topic: name, partition: 1, offset: -1 },
    ])
    expect(both).toMatchObject({
      code: 0,
      stdout: `${name}:0 starts at offset 2\n${name}:1 starts at offset 2\n`,
    })
    const partly = await remove([
      { topic: "no-such-topic", partition: 0, offset: 1 },
      { topic: name, partition: 0, offset: 3 },
    ])
    expect(partly).toMatchObject({ code: 1, stderr: expect.stringContaining("1 of 2 partitions") })
    expect(partly.stdout).toContain(`${name}:0 starts at offset 3`)
    for (const [partitions, told] of [
      [[], "names no partitions"],
      [[{ topic: name, partition: 0 }], "entry 1"],
      [[{ topic: name, partition: 0, offset: -2 }], "entry 1"],
      [
        [
          { topic: name, partition: 0, offset: 3 },
          { topic: name, partition: 0, offset: 3 },
        ],
        "twice",
      ],
    ] as const) {
      expect(await remove(partitions)).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining(told) })
    }
    expect((await remove([], 2)).stderr).toContain("version 2")
    expect((await strata("delete-records --offset-json-file /no/such/file")).stderr).toContain("Cannot read")
  })

  it("are committed, shown, and deleted", async () => {
    const name = await topicWith(2)
    const group = `of-${name}`
    expect(await strata(`group lag ${group}`)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("strata group list"),
    })
    await strata(`produce ${name} 1 2 3 --partition 0`)
    const committed = await strata(`group commit ${group} ${name}:0=1 ${name}:1=0 --metadata note`)
    expect(committed).toMatchObject({ code: 0, stdout: expect.stringContaining("note") })
    expect((await strata("group list")).stdout.split("\n")).toContain(group)
    expect((await strata(`group lag ${group}`)).stdout).toContain("2 records behind")
    expect(JSON.parse((await strata(`group lag ${group} --json`)).stdout).totalLag).toBe(2)
    expect((await strata(`group describe ${group}`)).stdout).toMatch(
      /^of-\S+ {2}Empty {2}epoch \d+ {2}0 members {2}2 records behind\n/,
    )
    expect((await strata(`group commit ${group} ${name}:0=0`)).code).toBe(1)
    expect((await strata(`group delete ${group} --yes`)).stdout).toBe(`Deleted ${group}\n`)
    expect((await strata(`group offsets ${group}`)).code).toBe(1)
  })
})

describe("strata inspect of a data directory", () => {
  it("shows what a running server has written, without disturbing it", async () => {
    const name = await topicWith()
    await strata(["produce", name, '{"seen":true}'])
    const { code, stdout } = await strata(`inspect ${dataDir} --records --format json --json`)
    expect(code).toBe(0)
    const entries = jsonLines(stdout)
    expect(entries.map(({ kind }) => kind)).toEqual(expect.arrayContaining(["file", "frame", "record", "summary"]))
    expect(entries).toContainEqual(expect.objectContaining({ kind: "record", value: { seen: true } }))
    expect((await strata(`produce ${name} 1`)).code).toBe(0)
    expect((await strata(`inspect ${dataDir}`)).stdout).toMatch(/partitionsCreated[\s\S]*batches, \d+ records/)
  })

  it("says where there is none", async () => {
    const empty = await mkdtemp(join(dataDir, "empty-"))
    expect(await strata(`inspect ${empty}`)).toMatchObject({ code: 1, stderr: expect.stringContaining("journal") })
  })
})

describe("help", () => {
  it("is shown for every command and lists the exit codes", async () => {
    const { code, stdout } = await strata("--help")
    expect([code, stdout]).toEqual([0, expect.stringContaining("Exit codes:")])
    expect((await strata("help produce")).stdout).toContain("Examples:")
    expect(await strata("topic")).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining("Commands:") })
    expect((await strata("--version")).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})
