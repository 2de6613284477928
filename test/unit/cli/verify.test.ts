import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type RunningServer, startServer } from "stratalog-server"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { AckedCheck } from "../../../sdk/cli/verify/acked-check.ts"
import { parseAcked } from "../../../sdk/cli/verify/acked-file.ts"
import { Consumed } from "../../../sdk/cli/verify/consumed.ts"
import { type CliOptions, runCli } from "../../fakes/cli-io.ts"

const at = (partition: number, offset: number | null, value: string) => ({
  topic: "t",
  partition,
  offset,
  key: null,
  value,
})
const read = (partition: number, offset: number, value: string | null, key: string | null = null) => ({
  partition,
  offset,
  key,
  value,
})

describe("the check of what was acknowledged", () => {
  const problemsOf = (acked: ReturnType<typeof at>[], records: ReturnType<typeof read>[]) => {
    const check = new AckedCheck()
    for (const each of acked) check.expect(each)
    for (const each of records) check.take(each)
    const { findings, found } = check.result()
    return [found, ...findings.map(({ problem, partition, offset }) => `${problem} ${partition}:${offset}`)]
  }

  it("finds all that is where it was said to be, among other records", () => {
    const acked = [at(0, 5, "a"), at(1, 0, "b"), at(0, 7, "c")]
    const records = [read(0, 5, "a"), read(0, 6, "x"), read(0, 7, "c"), read(1, 0, "b")]
    expect(problemsOf(acked, records)).toEqual([3])
  })

  it("tells what is missing, what is another, what is there twice, and what came in another order", () => {
    expect(problemsOf([at(0, 5, "a")], [read(1, 5, "a")])).toEqual([0, "missing 0:5"])
    expect(problemsOf([at(0, 5, "a")], [read(0, 5, "b")])).toEqual([0, "different 0:5"])
    expect(problemsOf([at(0, 5, "a")], [read(0, 5, "a", "key")])).toEqual([0, "different 0:5"])
    expect(problemsOf([at(0, 5, "a")], [read(0, 5, "a"), read(0, 6, "a")])).toEqual([1, "duplicate 0:6"])
    expect(problemsOf([at(0, 5, "a")], [read(0, 6, "x"), read(0, 5, "a")])).toEqual([1, "out_of_order 0:5"])
  })

  it("takes the same values below for those of an earlier run", () => {
    expect(problemsOf([at(0, 5, "a")], [read(0, 2, "a"), read(0, 5, "a")])).toEqual([1])
  })

  it("looks anywhere for a record whose offset nobody knew", () => {
    expect(problemsOf([at(0, null, "a")], [read(0, 2, "a")])).toEqual([1])
    expect(problemsOf([at(0, null, "a")], [read(0, 2, "b")])).toEqual([0, "missing 0:null"])
  })

  it("lists the first findings and counts all", () => {
    const check = new AckedCheck()
    for (let offset = 0; offset < 100; offset++) check.expect(at(0, offset, String(offset)))
    expect(check.result()).toMatchObject({ acked: 100, found: 0, problems: 100 })
    expect(check.result().findings).toHaveLength(20)
  })
})

describe("lines of a verifiable producer", () => {
  it("are read where they acknowledge", () => {
    const success = { name: "producer_send_success", key: null, value: "0", topic: "t", partition: 1, offset: 2 }
    expect(parseAcked(JSON.stringify({ timestamp: 1, ...success }))).toEqual({ ...at(1, 2, "0") })
    expect(parseAcked(JSON.stringify({ ...success, offset: null }))).toMatchObject({ offset: null })
    expect(parseAcked('{"name":"producer_send_error"}')).toBeUndefined()
    for (const bad of [
      "x",
      "1",
      "null",
      '{"name":"producer_send_success"}',
      JSON.stringify({ ...success, value: 1 }),
    ]) {
      expect(parseAcked(bad)).toBe("bad")
    }
  })
})

describe("what was consumed", () => {
  it("is told by partition, and then counted anew", () => {
    const consumed = new Consumed()
    for (const offset of [4, 5, 9]) consumed.add({ topic: "t", partition: 0, offset })
    consumed.add({ topic: "t", partition: 1, offset: 0 })
    expect(consumed.take()).toEqual({
      count: 4,
      partitions: [
        { topic: "t", partition: 0, count: 3, minOffset: 4, maxOffset: 9 },
        { topic: "t", partition: 1, count: 1, minOffset: 0, maxOffset: 0 },
      ],
    })
    expect(consumed.count).toBe(0)
  })
})

describe("strata verify", () => {
  let dataDir: string
  let server: RunningServer
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), "strata-verify-"))
    server = await startServer({ dataDir, port: 0 })
    await strata("topic create verified --partitions 2")
  })
  afterAll(async () => {
    await server.close()
    await rm(dataDir, { recursive: true, force: true })
  })
  const strata = (line: string, options: CliOptions = {}) =>
    runCli(line.split(" "), { ...options, env: { STRATALOG_URL: server.url } })
  const eventsOf = (stdout: string) =>
    stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line))

  it("tells each step of a producer, and finds all that was acknowledged", async () => {
    const { code, stdout } = await strata(
      "verify produce verified --max-messages 700 --throughput -1 --value-prefix a --repeating-keys 7",
    )
    expect(code).toBe(0)
    const events = eventsOf(stdout)
    expect(events[0]).toEqual({ timestamp: expect.any(Number), name: "startup_complete" })
    expect(events).toContainEqual(
      expect.objectContaining({ name: "producer_send_success", key: "0", value: "a.7", topic: "verified" }),
    )
    expect(events.slice(-2)).toMatchObject([
      { name: "shutdown_complete" },
      { name: "tool_data", sent: 700, acked: 700, target_throughput: -1 },
    ])
    const path = join(dataDir, "acked.jsonl")
    await writeFile(path, stdout)
    const checked = await strata(`verify consume verified --acked ${path}`)
    expect(checked).toMatchObject({ code: 0, stderr: "" })
    expect(eventsOf(checked.stdout).map(({ name }) => name)).toEqual([
      "startup_complete",
      "partitions_assigned",
      "records_consumed",
      "records_consumed",
      "shutdown_complete",
      "verification",
    ])
    expect(eventsOf(checked.stdout).at(-1)).toMatchObject({ acked: 700, found: 700, problems: 0 })
  })

  it("ends with 1 where something acknowledged is gone", async () => {
    await strata("topic create lost")
    const { stdout } = await strata("verify produce lost --max-messages 5")
    const path = join(dataDir, "lost.jsonl")
    await writeFile(path, stdout)
    await strata("delete-records lost --partition 0 --before 2")
    const checked = await strata(`verify consume lost --acked ${path}`)
    expect(checked).toMatchObject({ code: 1, stderr: expect.stringContaining("2 of 5 acknowledged records") })
    expect(eventsOf(checked.stdout).at(-1)).toMatchObject({
      findings: [
        { problem: "missing", offset: 0, value: "0" },
        { problem: "missing", offset: 1, value: "1" },
      ],
    })
    // Who did not read to the end cannot say that anything is missing.
    expect(await strata(`verify consume lost --acked ${path} --max-messages 1`)).toMatchObject({ code: 0 })
  })

  it("ends in order when it is told to, and says what was acknowledged until then", async () => {
    const produced = await strata("verify produce verified --throughput 500", {
      onOutput: (text, cli) => text.includes("producer_send_success") && cli.stop("SIGINT"),
    })
    expect(produced).toMatchObject({ code: 130, stderr: "" })
    const { sent, acked } = eventsOf(produced.stdout).at(-1)
    expect(acked).toBe(sent)
    const followed = await strata("verify consume verified --follow --verbose", {
      onOutput: (text, cli) => text.includes("record_data") && cli.stop("SIGTERM"),
    })
    expect(followed.code).toBe(143)
    expect(eventsOf(followed.stdout).at(-1)).toMatchObject({ name: "shutdown_complete" })
  })

  it("tells each record that is refused, with what happened to it", async () => {
    await strata("topic create small --config max.message.bytes=1")
    const { code, stdout, stderr } = await strata("verify produce small --max-messages 2")
    expect([code, stderr]).toEqual([1, expect.stringContaining("2 of 2 records")])
    expect(eventsOf(stdout)).toContainEqual(
      expect.objectContaining({
        name: "producer_send_error",
        value: "1",
        exception: "batch_too_large",
        sideEffects: "none",
      }),
    )
  })

  it("tells each step of a member of a group", async () => {
    await strata("topic create shared --partitions 2")
    await strata("verify produce shared --max-messages 40 --repeating-keys 10")
    const { code, stdout, stderr } = await strata("verify consume shared --group checks --verbose")
    expect([code, stderr]).toEqual([0, ""])
    const events = eventsOf(stdout)
    const namesOf = new Set(events.map(({ name }) => name))
    expect([...namesOf]).toEqual([
      "startup_complete",
      "partitions_assigned",
      "record_data",
      "records_consumed",
      "offsets_committed",
      "partitions_revoked",
      "shutdown_complete",
    ])
    const sum = (name: string) =>
      events.filter((event) => event.name === name).reduce((all, { count }) => all + count, 0)
    expect(sum("records_consumed")).toBe(40)
    expect(events.filter(({ name, success }) => name === "offsets_committed" && !success)).toEqual([])
    expect(JSON.parse((await strata("group lag checks --json")).stdout).totalLag).toBe(0)
    const again = await strata("verify consume shared --group checks")
    expect(again.stdout).not.toContain("records_consumed")
  })

  it.each([
    ["verify consume verified --group g --acked x", 2, "leave out --group"],
    ["verify consume verified --assignor range", 2, "need --group"],
    ["verify produce nothing", 1, "topic create"],
    ["verify consume nothing", 1, "topic create"],
    ["verify produce verified --max-messages 0", 2, "from 1"],
    ["verify consume verified --acked /no/such/file", 1, "Cannot read"],
  ])("says what is wrong: %s", async (line, code, told) => {
    expect(await strata(line)).toMatchObject({ code, stdout: "", stderr: expect.stringContaining(told) })
  })

  it("refuses a file that acknowledges nothing of the topic, or is no such output", async () => {
    const path = join(dataDir, "others.jsonl")
    await writeFile(path, `${JSON.stringify({ name: "producer_send_success", ...at(0, 1, "x") })}\n\n`)
    expect((await strata(`verify consume verified --acked ${path}`)).stderr).toContain(
      "no acknowledged record of topic",
    )
    await writeFile(path, `${await readFile(path, "utf8")}oops`)
    expect((await strata(`verify consume verified --acked ${path}`)).stderr).toContain("line 3")
  })
})
