import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Stratalog } from "stratalog"
import { type RunningServer, startServer } from "stratalog-server"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { Committer } from "../../../sdk/cli/consume/committer.ts"
import { hasNothingFor, isAtEnd } from "../../../sdk/cli/consume/end-watch.ts"
import { partitionsText } from "../../../sdk/cli/format/group-tables.ts"
import { requestsOfFile, resetDuration, resetTopics, shift } from "../../../sdk/cli/parse/reset-plan.ts"
import { type CliControl, type CliOptions, runCli } from "../../fakes/cli-io.ts"

let dataDir: string
let server: RunningServer
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "strata-groups-"))
  server = await startServer({ dataDir, port: 0 })
})
afterAll(async () => {
  await server.close()
  await rm(dataDir, { recursive: true, force: true })
})

const strata = (line: string | readonly string[], options: CliOptions = {}) =>
  runCli(typeof line === "string" ? line.split(" ") : line, { ...options, env: { STRATALOG_URL: server.url } })
const answerOf = async (line: string) => JSON.parse((await strata(`${line} --json`)).stdout)

let names = 0
/** A topic with so many partitions, each with the records 0, 1 and 2 of its own. */
async function filledTopic(partitions: number): Promise<string> {
  const name = `grouped-${names++}`
  await strata(`topic create ${name} --partitions ${partitions}`)
  for (let partition = 0; partition < partitions; partition++) {
    const values = [0, 1, 2].map((n) => `"${partition}-${n}"`).join(" ")
    await strata(`produce ${name} ${values} --partition ${partition}`)
  }
  return name
}

/** A member that reads until it is stopped. Resolves once it has written something. */
async function member(topic: string, group: string, flags = "") {
  let control: CliControl | undefined
  let written = () => undefined as unknown
  const firstOutput = new Promise<void>((resolve) => {
    written = () => resolve()
  })
  const ended = strata(`consume ${topic} --group ${group} --follow ${flags}`.trim(), {
    onOutput: (_text, cli) => {
      control = cli
      written()
    },
  })
  await firstOutput
  return {
    stop: async () => {
      control?.stop("SIGINT")
      return ended
    },
  }
}

describe("strata consume --group", () => {
  it("reads as a member, to the end as it is, and commits all that it wrote before it leaves", async () => {
    const topic = await filledTopic(3)
    const { code, stdout } = await strata(`consume ${topic} --group whole`)
    expect(code).toBe(0)
    expect(stdout.trim().split("\n").sort()).toEqual(
      [0, 1, 2].flatMap((partition) => [0, 1, 2].map((n) => `"${partition}-${n}"`)),
    )
    expect(await answerOf("group describe whole")).toMatchObject({ state: "Empty", members: [], totalLag: 0 })
    expect((await strata(`consume ${topic} --group whole`)).stdout).toBe("")
  })

  it("ends after so many, or when nothing comes, by Kafka's words too", async () => {
    const topic = await filledTopic(1)
    expect((await strata(`consume ${topic} --group some --from-beginning --max-messages 2`)).stdout).toBe(
      '"0-0"\n"0-1"\n',
    )
    expect((await strata(`consume ${topic} --group some --follow --timeout-ms 2000`)).stdout).toBe('"0-2"\n')
    expect((await strata(`consume ${topic} --follow --timeout 1s`)).stdout.trim().split("\n")).toHaveLength(3)
    expect((await strata(`consume ${topic} --group late --from latest`)).stdout).toBe("")
  })

  it("is shown while it reads: its name, its partitions, the lag with who reads each", async () => {
    const topic = await filledTopic(2)
    const reader = await member(topic, "shown", "--instance-id desk-1")
    const described = await answerOf("group describe shown")
    expect(described).toMatchObject({ state: "Stable", members: [{ instanceId: "desk-1" }] })
    const { memberId } = described.members[0]
    expect(described.partitions.map((row: { memberId: string }) => row.memberId)).toEqual([memberId, memberId])
    const text = (await strata("group describe shown")).stdout
    expect(text).toMatch(/^shown {2}Stable {2}epoch \d+ {2}1 member {2}uniform /)
    expect(text).toContain(`${topic}:0-1`)
    expect((await strata("group describe shown --state")).stdout.trim().split("\n")).toHaveLength(1)
    expect((await strata("group describe shown --members")).stdout).not.toContain("HIGH WATERMARK")
    expect((await strata("group describe shown --offsets")).stdout).not.toContain("INSTANCE")
    expect((await strata("group list --state")).stdout).toMatch(/shown +Stable +1\n/)
    expect((await answerOf("group describe --all")).groups.map(({ group }: { group: string }) => group)).toContain(
      "shown",
    )
    expect(await strata(`group reset shown --to-earliest --topic ${topic} --execute`)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("Stop its members first"),
    })
    expect(await strata("group delete shown --yes")).toMatchObject({ code: 1 })
    expect(await reader.stop()).toMatchObject({ code: 130, stderr: "" })
  })

  it("says so where others have all partitions", async () => {
    const topic = await filledTopic(1)
    const reader = await member(topic, "crowded")
    const other = await strata(`consume ${topic} --group crowded`)
    expect(other).toMatchObject({ code: 0, stdout: "", stderr: expect.stringContaining("this one got none") })
    await reader.stop()
  })

  it("reads topics by a pattern", async () => {
    const topic = await filledTopic(1)
    expect((await strata(`consume ^${topic}$ --group patterned`)).stdout).toBe('"0-0"\n"0-1"\n"0-2"\n')
  })

  it("fails at once where the topic is not there", async () => {
    expect(await strata("consume nothing --group g")).toMatchObject({ code: 1, stdout: "" })
  })
})

describe("the end of a member's reading", () => {
  const ends = new Map([["t:0", 5]])
  const at = (processed: number | null, lag: number | null) => ({
    topic: "t",
    partition: 0,
    processed,
    highWatermark: null,
    lag,
  })

  it("is where all that is assigned was read up to where it ended", () => {
    expect(isAtEnd([], ends)).toBe(false)
    expect(isAtEnd([at(null, null)], ends)).toBe(false)
    expect(isAtEnd([at(4, 3)], ends)).toBe(false)
    expect(isAtEnd([at(5, 3)], ends)).toBe(true)
    expect(isAtEnd([at(4, 0)], ends)).toBe(true)
    expect(isAtEnd([at(5, 3), { ...at(7, 1), partition: 1 }], ends)).toBe(false)
  })

  it("is also where a group at rest has nothing for it", () => {
    const one = (memberId: string, partitions: number[]) => ({
      memberId,
      memberEpoch: 1,
      sessionTimeout: 1,
      lastSeen: 1,
      topics: ["t"],
      assignment: [{ topic: "t", partitions }],
      revoking: [],
    })
    expect(hasNothingFor("m", { state: "Stable", members: [one("m", []), one("n", [0])] })).toBe(true)
    expect(hasNothingFor("m", { state: "Reconciling", members: [one("m", []), one("n", [0])] })).toBe(false)
    expect(hasNothingFor("m", { state: "Stable", members: [one("n", [0])] })).toBe(false)
    expect(hasNothingFor("m", { state: "Stable", members: [one("m", [1])] })).toBe(false)
  })
})

describe("commits of what was written", () => {
  const place = (partition: number, offset: number) => ({ topic: "t", partition, offset })

  it("come after so many records, are in pieces that a request takes, and leave out what was lost", async () => {
    const commits: number[] = []
    using committer = new Committer(async (offsets) => commits.push(offsets.length), 100)
    for (let partition = 0; partition < 250; partition++) await committer.written(place(partition, 0))
    expect(commits).toEqual([100, 100])
    committer.forget({ topic: "t", partition: 249 })
    await committer.commit()
    expect(commits).toEqual([100, 100, 49])
    for (let partition = 0; partition < 99; partition++) await committer.written(place(partition, 1))
    for (let partition = 99; partition < 199; partition++) await committer.written(place(partition, 1))
    expect(commits.every((count) => count <= 100)).toBe(true)
  })

  it("keep their failure for who writes on", async () => {
    using committer = new Committer(() => Promise.reject(new Error("fenced")), 1)
    await committer.written(place(0, 0))
    expect(() => committer.written(place(0, 1))).toThrow("fenced")
  })
})

describe("strata group reset", () => {
  const offsetsOf = async (line: string) =>
    (await answerOf(`group reset ${line}`)).offsets.map(
      (row: { partition: number; committedOffset: number | null; newOffset: number }) =>
        `${row.partition}:${row.committedOffset}>${row.newOffset}`,
    )

  it("shows where offsets would go, and moves them only with --execute", async () => {
    const topic = await filledTopic(2)
    await strata(`consume ${topic} --group moved`)
    expect(await offsetsOf("moved --to-earliest")).toEqual(["0:3>0", "1:3>0"])
    const shown = await strata("group reset moved --to-earliest --dry-run")
    expect(shown).toMatchObject({ code: 0, stderr: expect.stringContaining("Nothing was moved: say --execute") })
    expect(await offsetsOf("moved --to-current")).toEqual(["0:3>3", "1:3>3"])
    expect(await offsetsOf(`moved --shift-by -2 --topic ${topic}:1 --execute`)).toEqual(["1:3>1"])
    expect((await strata(`consume ${topic} --group moved`)).stdout).toBe('"1-1"\n"1-2"\n')
    expect(await offsetsOf(`moved --to-offset 2 --topic ${topic} --execute`)).toEqual(["0:3>2", "1:3>2"])
    expect(await offsetsOf("moved --by-duration PT1H")).toEqual(["0:2>0", "1:2>0"])
    expect(await offsetsOf("moved --to-datetime 2026-01-01T00:00:00Z --all-topics")).toEqual(["0:2>0", "1:2>0"])
    expect(await offsetsOf("moved --to-latest --execute")).toEqual(["0:2>3", "1:2>3"])
    expect((await answerOf("group lag moved")).totalLag).toBe(0)
  })

  it("writes a file and brings the group back to it", async () => {
    const topic = await filledTopic(2)
    await strata(`group commit kept ${topic}:0=1 ${topic}:1=2`)
    const path = join(dataDir, "kept.csv")
    const exported = await strata("group reset kept --to-current --export")
    expect(exported).toMatchObject({ stdout: `${topic},0,1\n${topic},1,2\n`, stderr: "" })
    await writeFile(path, exported.stdout)
    await strata("group reset kept --to-latest --execute")
    expect(await offsetsOf(`kept --from-file ${path} --execute`)).toEqual(["0:3>1", "1:3>2"])
    await writeFile(path, `${await readFile(path, "utf8")}no-such-topic,0,7\n`)
    expect(await strata(`group reset kept --from-file ${path} --execute`)).toMatchObject({ code: 1 })
    // What is refused is refused before anything has moved.
    expect(await offsetsOf("kept --to-current")).toEqual(["0:1>1", "1:2>2"])
  })

  it("says what is wrong", async () => {
    expect(await strata("group reset nobody --to-latest")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("nobody"),
    })
    expect(await strata("group reset nobody --from-file /no/such")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("Cannot read"),
    })
  })

  it("reads topics, durations, shifts and files", () => {
    expect(resetTopics("a:0,1", [{ topic: "b" }])).toEqual([{ topic: "b" }, { topic: "a", partitions: [0, 1] }])
    expect([resetDuration("P1DT2H3M4.5S"), resetDuration("PT15M"), resetDuration("2h")]).toEqual([
      93_784_500, 900_000, 7_200_000,
    ])
    expect([shift("-3"), shift("+3")]).toEqual([-3, 3])
    expect(requestsOfFile("f", '"a",0,5\nb,1,5\r\n\na,1,6')).toEqual([
      {
        offset: 5,
        topics: [
          { topic: "a", partitions: [0] },
          { topic: "b", partitions: [1] },
        ],
      },
      { offset: 6, topics: [{ topic: "a", partitions: [1] }] },
    ])
    for (const [text, told] of [
      ["", "no lines"],
      ["a,0", "line 1"],
      ["a,0,1\na,0,2", "second time"],
    ] as const) {
      expect(() => requestsOfFile("f", text)).toThrow(told)
    }
  })
})

describe("a group's partitions", () => {
  it("are told in short", () => {
    expect(
      partitionsText([
        { topic: "a", partitions: [4, 0, 1, 2] },
        { topic: "b", partitions: [7] },
      ]),
    ).toBe("a:0-2,4 b:7")
    expect(partitionsText([{ topic: "a", partitions: [] }])).toBe("-")
  })
})

describe("the SDK's reset", () => {
  it("is what the command uses", async () => {
    const topic = await filledTopic(1)
    const group = new Stratalog({ url: server.url }).group("sdk")
    await group.commit([{ topic, partition: 0, offset: 3 }])
    const wanted = { topic, partition: 0, committedOffset: 3, newOffset: 1 }
    expect(await group.reset({ shift: -2 })).toEqual({ executed: false, offsets: [wanted] })
    expect(await group.reset({ shift: -2, execute: true })).toEqual({ executed: true, offsets: [wanted] })
    expect(await group.committed()).toMatchObject([{ offset: 1 }])
  })
})
