/** `strata lag` and `strata top`, once and again and again, in a pipe and on a terminal. */

import { mkdtemp, rm } from "node:fs/promises"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { stripVTControlCharacters } from "node:util"
import { Stratalog } from "stratalog"
import { type RunningServer, startServer } from "stratalog-server"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { intervalOf, type WatchOptions } from "../../../sdk/cli/watch/options.ts"
import { type LoopbackServer, listenOnLoopback } from "../../aws/loopback-server.ts"
import { type CliControl, type CliOptions, openInput, runCli } from "../../fakes/cli-io.ts"

let dataDir: string
let server: RunningServer
let log: Stratalog
/** In front of the server, and closed to what `refuses` says. */
let door: LoopbackServer
let refuses: (path: string) => number | undefined = () => undefined
const asked: string[] = []

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "strata-watch-"))
  server = await startServer({ dataDir, port: 0 })
  log = new Stratalog({ url: server.url })
  door = await listenOnLoopback(createServer((request, response) => void pass(request, response)))
})
afterAll(async () => {
  await door.stop()
  await server.close()
  await rm(dataDir, { recursive: true, force: true })
})
beforeEach(() => {
  refuses = () => undefined
})

async function pass({ url: path = "" }: IncomingMessage, response: ServerResponse): Promise<void> {
  asked.push(path)
  const refused = refuses(path)
  if (refused !== undefined) return void response.writeHead(refused).end("not now")
  const answer = await fetch(server.url + path)
  response.writeHead(answer.status, { "content-type": "application/json" }).end(await answer.text())
}

const strata = (line: string, options: CliOptions = {}) =>
  runCli(line.split(" "), { ...options, env: { STRATALOG_URL: door.endpoint, ...options.env } })

let names = 0
/** A topic, and a group that committed so many records of it. */
async function groupAt(committed: number, { records = 10, partitions = 1 } = {}) {
  const [topic, group] = [`watched-${names}`, `watchers-${names++}`]
  await log.topics.create(topic, { partitions })
  await log.topic(topic).produce(Array.from({ length: records }, (_, value) => ({ value, partition: 0 })))
  await commit(group, topic, committed)
  return { topic, group }
}

const commit = (group: string, topic: string, offset: number) =>
  log.group(group).commit([{ topic, partition: 0, offset }])

/** What a line of JSON says of groups and topics, or of what went wrong. */
interface Told {
  readonly groups: readonly {
    readonly group: string
    readonly state: string
    readonly consumedPerSecond: number | null
  }[]
  readonly topics: readonly {
    readonly topic: string
    readonly records: number
    readonly recordsPerSecond: number | null
  }[]
  readonly denied: number
  readonly error?: { readonly code: string; readonly status: number | null }
  readonly since?: number
}

/** Watches until a line is as it is wanted, doing something after the first. */
async function until(line: string, act: () => unknown, wanted: (told: Told) => boolean): Promise<readonly Told[]> {
  const told: Told[] = []
  let isActing = false
  const { code, stderr } = await strata(`${line} --json --interval 100ms`, {
    onOutput: async (text, cli) => {
      const look: Told = JSON.parse(text)
      told.push(look)
      if (wanted(look) && isActing) return cli.stop("SIGINT")
      if (isActing) return
      isActing = true
      await act()
    },
  })
  expect([code, stderr]).toEqual([130, ""])
  return told
}

describe("strata lag", () => {
  it("shows all groups once, or some with their partitions or members", async () => {
    const { topic, group } = await groupAt(4, { partitions: 2 })
    const all = await strata(`lag --group-prefix ${group}`)
    expect(all).toMatchObject({ code: 0, stderr: "" })
    expect(all.stdout.split("\n").map((line) => line.trim().split(/ {2,}/))).toEqual([
      [""],
      ["GROUP", "STATE", "MEMBERS", "PARTITIONS", "LAG"],
      [group, "Empty", "0", "2", "6"],
      [""],
    ])
    const one = (await strata(`lag ${group}`)).stdout
    expect(one).toMatch(/TOPIC +PARTITION +COMMITTED +HIGH WATERMARK +LAG +MEMBER\n/)
    expect(one).toMatch(new RegExp(`${topic} +0 +4 +10 +6 +-\n${topic} +1 +- +0 +- +-\ntotal +6`))
    expect((await strata(`lag ${group} --members`)).stdout).toMatch(/\(nobody\) +- +- +2 +6\n/)
  })

  it("tells programs the same", async () => {
    const { topic, group } = await groupAt(4)
    expect(JSON.parse((await strata(`lag ${group} --json`)).stdout)).toMatchObject({
      groups: [{ group, state: "Empty", members: 0, lag: 6, consumedPerSecond: null, outlook: null }],
      partitions: [
        { group, topic, partition: 0, committedOffset: 4, highWatermark: 10, lag: 6, secondsToCatchUp: null },
      ],
      requests: 2,
    })
    expect(JSON.parse((await strata(`lag ${group} --members --json`)).stdout)).toMatchObject({
      members: [{ group, memberId: null, partitions: 1, lag: 6 }],
    })
    expect(JSON.parse((await strata(`lag ${group} --topic-prefix other --json`)).stdout)).toMatchObject({
      groups: [{ partitions: 0, lag: null }],
    })
  })

  it("refuses what has no meaning, and groups that are not there", async () => {
    expect(await strata("lag nobody")).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringContaining('"nobody"'),
    })
    expect(await strata("lag nobody --watch")).toMatchObject({ code: 1, stdout: "" })
    expect(await strata("lag --count 2")).toMatchObject({ code: 2, stderr: expect.stringContaining("--watch") })
    expect(await strata("lag some --group-prefix s")).toMatchObject({ code: 2 })
    for (const wrong of ["--interval 50ms", "--interval 2d", "--count 0", "--sort size", "--most 0", "--most 2001"]) {
      expect(await strata(`lag --watch ${wrong}`), wrong).toMatchObject({ code: 2, stdout: "" })
    }
    expect(await strata("lag --watch --url http://127.0.0.1:1")).toMatchObject({ code: 3, stdout: "" })
  })

  it("watches what is read a second", async () => {
    const { topic, group } = await groupAt(4)
    const told = await until(
      `lag ${group} --watch`,
      () => commit(group, topic, 9),
      ({ groups }) => (groups[0]?.consumedPerSecond ?? 0) > 0,
    )
    expect(told[0]?.groups[0]).toMatchObject({ lag: 6, consumedPerSecond: null })
    expect(told.at(-1)?.groups[0]).toMatchObject({ lag: 1 })
  })

  it("knows no rate where offsets were reset meanwhile", async () => {
    const { group } = await groupAt(8)
    const told = await until(
      `lag ${group} --watch`,
      () => log.group(group).reset({ to: "earliest", execute: true }),
      ({ groups: [row] }) => row !== undefined && "lag" in row && row.lag === 10,
    )
    for (const { groups } of told) expect(groups[0]?.consumedPerSecond ?? 0).toBe(0)
  })

  it("shows a group that goes as gone, and goes on", async () => {
    const { group } = await groupAt(1)
    const told = await until(
      `lag ${group} --watch`,
      () => log.group(group).delete(),
      ({ groups }) => groups[0]?.state === "Gone",
    )
    expect(told.at(-1)?.groups).toMatchObject([{ group, state: "Gone", lag: null, partitions: 0 }])
  })
})

describe("strata top", () => {
  it("watches what is appended a second, and how the service is", async () => {
    const { topic } = await groupAt(0)
    const told = await until(
      `top --topic-prefix ${topic}`,
      () => log.topic(topic).produce([{ value: 1 }]),
      ({ topics }) => (topics[0]?.recordsPerSecond ?? 0) > 0,
    )
    expect(told[0]).toMatchObject({
      service: {
        version: expect.stringMatching(/^\d/),
        unhealthy: null,
        upkeep: { lastRun: null },
        server: { waitingReaders: 0 },
      },
      topics: [{ topic, partitions: 1, records: 10, recordsPerSecond: null }],
    })
    expect(told.at(-1)?.topics).toMatchObject([{ records: 11, bytesPerSecond: expect.any(Number) }])
  })

  it("knows no rate of a topic that was made again, and forgets one that was deleted", async () => {
    const { topic } = await groupAt(0)
    const again = await until(
      `top --topic-prefix ${topic}`,
      async () => {
        // No look falls in between.
        refuses = () => 503
        await log.topics.delete(topic)
        await log.topics.create(topic)
        await log.topic(topic).produce(Array.from({ length: 20 }, (_, value) => ({ value })))
        refuses = () => undefined
      },
      ({ topics }) => topics?.[0]?.records === 20,
    )
    for (const { topics } of again.filter(({ error }) => error === undefined))
      expect(topics[0]?.recordsPerSecond ?? 0).toBe(0)
    const gone = await until(
      `top --topic-prefix ${topic}`,
      () => log.topics.delete(topic),
      ({ topics }) => topics.length === 0,
    )
    expect(gone[0]?.topics).toHaveLength(1)
  })

  it("looks at so many, the first by name, and says that there are more", async () => {
    const first = await groupAt(0)
    await groupAt(0)
    asked.length = 0
    const { stdout } = await strata("top --count 1 --topic-prefix watched- --group-prefix watchers- --most 1")
    expect(stdout).toContain("Only 1 topics and 1 groups, the first by name")
    expect(asked.filter((path) => path.endsWith("/offsets"))).toHaveLength(1)
    expect(asked.filter((path) => path.endsWith("/lag"))).toHaveLength(1)
    const { topics, groups } = JSON.parse(
      (await strata(`top --count 1 --topic-prefix ${first.topic} --group-prefix ${first.group} --json`)).stdout,
    )
    expect([topics.length, groups.length]).toEqual([1, 1])
  })

  it("does not show what this caller may not look at, nor what is deleted while it looks", async () => {
    const { topic, group } = await groupAt(0)
    refuses = (path) => (/\/(lag|upkeep|metrics)$/.test(path) ? 403 : undefined)
    const line = `top --count 1 --topic-prefix ${topic} --group-prefix ${group}`
    expect(JSON.parse((await strata(`${line} --json`)).stdout)).toMatchObject({
      topics: [{ topic }],
      groups: [],
      denied: 1,
      service: { upkeep: null, unhealthy: null, server: null },
    })
    expect((await strata(line)).stdout).toContain("1 more may not be looked at by this caller.")
  })

  it("appends whole pictures where it is no terminal, or one that cannot be drawn on", async () => {
    const { topic, group } = await groupAt(3)
    const line = `top --count 2 --interval 100ms --topic-prefix ${topic} --group-prefix ${group}`
    const dumb = { terminal: true, env: { TERM: "dumb" } }
    for (const { code, stdout, stderr } of [await strata(line), await strata(line, dumb)]) {
      expect([code, stderr]).toEqual([0, ""])
      expect(stdout).toBe(stripVTControlCharacters(stdout))
      expect(stdout.match(/^strata top/gm)).toHaveLength(2)
      expect(stdout.match(/^TOPIC/gm)).toHaveLength(2)
    }
  })

  it("ends quietly when its reader leaves, while it pauses and while it looks", async () => {
    for (const interval of ["1h", "100ms"]) {
      let looks = 0
      const left = await strata(`top --interval ${interval}`, {
        onOutput: (_text, { leave }) => {
          if (interval === "1h") setImmediate(leave)
          else if (++looks === 2) leave()
        },
      })
      expect(left).toMatchObject({ code: 0, stderr: "" })
    }
  })

  it("pauses longer between looks at another machine", () => {
    const options: WatchOptions = { sort: "lag", most: 1 }
    const pause = (url: string) => intervalOf({ url }, options)
    expect(["http://127.0.0.1:8080", "http://localhost", "http://[::1]"].map(pause)).toEqual([2_000, 2_000, 2_000])
    expect(["https://log.example.com", "http://127.example.com"].map(pause)).toEqual([10_000, 10_000])
    expect(intervalOf({ url: "https://log.example.com" }, { ...options, interval: 500 })).toBe(500)
  })
})

describe("a look that fails", () => {
  it("is told, and tried again, until the service is back", async () => {
    const { group } = await groupAt(0)
    let isBack = false
    const told = await until(
      `lag ${group} --watch`,
      () => {
        refuses = () => 503
      },
      ({ error }) => {
        if (error === undefined) return isBack
        refuses = () => undefined
        isBack = true
        return false
      },
    )
    const failed = told.find(({ error }) => error !== undefined)
    expect(failed).toMatchObject({ error: { code: "unexpected_response", status: 503 }, since: expect.any(Number) })
    expect(told.at(-1)?.groups).toMatchObject([{ group }])
  })

  it.each([401, 403])("because of %i is told, too", async (status) => {
    const { group } = await groupAt(0)
    const told = await until(
      `lag ${group} --watch`,
      () => {
        refuses = () => status
      },
      ({ error }) => error !== undefined,
    )
    expect(told.at(-1)?.error).toMatchObject({ status })
  })

  it("ends the command with its error where it was the first, or the last of so many", async () => {
    const { group } = await groupAt(0)
    refuses = () => 401
    expect(await strata(`lag ${group} --watch`)).toMatchObject({ code: 1, stdout: "" })
    refuses = () => undefined
    const last = await strata(`lag ${group} --watch --count 2 --interval 100ms`, {
      onOutput: () => {
        refuses = () => 401
      },
    })
    expect(last).toMatchObject({ code: 1, stderr: expect.stringContaining("401") })
    expect(last.stdout).toContain("Not refreshed for")
  })
})

describe("on a terminal", () => {
  const ENTER = "\u001b[?1049h\u001b[?25l\u001b[?7l"
  const LEAVE = "\u001b[?7h\u001b[?25h\u001b[?1049l"

  interface Screen {
    readonly code: number
    readonly stdout: string
    readonly stderr: string
    /** The pictures drawn, each without its colours. */
    readonly pictures: readonly (readonly string[])[]
    /** What stays. */
    readonly left: string
  }

  /** `onPicture` gets each as it is drawn. */
  async function onTerminal(
    line: string,
    onPicture: (picture: readonly string[], cli: CliControl & { press(keys: string): void }) => unknown,
    options: CliOptions = {},
  ): Promise<Screen> {
    const input = openInput()
    const { code, stdout, stderr } = await strata(line, {
      terminal: true,
      size: { columns: 100, rows: 30 },
      input,
      onOutput: (text, cli) => {
        const [picture] = picturesOf(text)
        if (picture !== undefined) onPicture(picture, { ...cli, press: (keys) => void input.write(keys) })
      },
      ...options,
    })
    const left = stdout.slice(stdout.lastIndexOf(LEAVE) + LEAVE.length)
    return { code, stdout, stderr, pictures: picturesOf(stdout), left }
  }

  function picturesOf(text: string): readonly (readonly string[])[] {
    const drawn = text.split("\u001b[?2026h\u001b[H").slice(1)
    return drawn.map((each) => stripVTControlCharacters(each.split("\u001b[J\u001b[?2026l")[0] ?? "").split("\r\n"))
  }

  const restored = ({ stdout }: Screen) => stdout.split(ENTER).length === 2 && stdout.split(LEAVE).length === 2

  it("draws on a screen of its own, until q, and leaves the last picture", async () => {
    const { group } = await groupAt(3)
    const screen = await onTerminal(`lag ${group} --watch`, (_picture, { press }) => press("q"))
    expect(screen).toMatchObject({ code: 0, stderr: "" })
    expect(restored(screen)).toBe(true)
    expect(screen.stdout.startsWith(ENTER)).toBe(true)
    expect(stripVTControlCharacters(screen.left).trim().split("\n")).toEqual(screen.pictures.at(-1))
  })

  it("ends by Ctrl-C as a key, by signals, and after so many looks, and always gives the screen back", async () => {
    const { group } = await groupAt(3)
    const line = `lag ${group} --watch`
    const screens = [
      await onTerminal(line, (_picture, { press }) => press("\u0003")),
      await onTerminal(line, (_picture, { stop }) => stop("SIGINT")),
      await onTerminal(line, (_picture, { stop }) => stop("SIGTERM")),
      await onTerminal(`${line} --count 2 --interval 100ms`, () => undefined),
    ]
    expect(screens.map(({ code }) => code)).toEqual([130, 130, 143, 0])
    expect(screens.map(restored)).toEqual([true, true, true, true])
    expect(screens.map(({ stderr }) => stderr)).toEqual(["", "", "", ""])
  })

  it("sorts by something else, looks at once, and minds no other key", async () => {
    const { topic, group } = await groupAt(3)
    const steps = [
      ([head]: readonly string[], press: (keys: string) => void) => {
        expect(head).toContain("by lag")
        for (const key of ["\u001b[A", "x", "s"]) press(key)
      },
      ([head]: readonly string[], press: (keys: string) => void) => {
        expect(head).toContain("by rate")
        press("s")
      },
      async ([head]: readonly string[], press: (keys: string) => void) => {
        expect(head).toContain("by name")
        await commit(group, topic, 9)
        press(" ")
      },
      (_picture: readonly string[], press: (keys: string) => void) => press("q"),
    ]
    const screen = await onTerminal(`lag ${group} --watch --interval 1h`, (picture, { press }) => {
      void steps.shift()?.(picture, press)
    })
    expect([screen.code, steps.length, screen.pictures.length]).toEqual([0, 0, 4])
    expect(screen.left).toMatch(new RegExp(`${topic} +0 +9 +10 +1 `))
  })

  it("fits into it, also when its size changes", async () => {
    const { group } = await groupAt(3, { partitions: 50 })
    let isResized = false
    const screen = await onTerminal(`lag ${group} --watch`, (_picture, { press, resize }) => {
      if (isResized) return press("q")
      isResized = true
      setImmediate(() => resize(40, 12))
    })
    const [first = [], last = []] = [screen.pictures[0], screen.pictures.at(-1)]
    expect(first).toHaveLength(30)
    expect(first.join("\n")).toMatch(/… \d+ more\ntotal/)
    expect(last.length).toBeLessThanOrEqual(12)
    expect(Math.max(...last.map((line) => [...line].length))).toBeLessThanOrEqual(40)
    expect(screen.stdout).toContain("\u001b[2J")
    // A line of the whole width is not cleared after its end: that would take its last character.
    const drawn = screen.stdout.slice(screen.stdout.lastIndexOf("\u001b[H"), screen.stdout.lastIndexOf("\u001b[J"))
    const lengths = drawn.split("\r\n").map((line) => {
      const { length } = stripVTControlCharacters(line)
      return line.endsWith("\u001b[K") ? length < 40 : length === 40
    })
    expect(lengths).toEqual(last.map(() => true))
    expect(last[0]).toHaveLength(40)
  })

  it("keeps the last picture where a look fails, and says since when", async () => {
    const { group } = await groupAt(3)
    const screen = await onTerminal(`lag ${group} --watch --interval 100ms`, (picture, { press }) => {
      refuses = () => 503
      if (picture[1]?.startsWith("Not refreshed for")) press("q")
    })
    expect(screen.code).toBe(0)
    expect(screen.pictures.at(-1)?.join("\n")).toContain(group)
  })

  it("gives the screen back where nobody reads any more, and where it fails itself", async () => {
    const { group } = await groupAt(3)
    expect(await onTerminal(`lag ${group} --watch`, (_picture, { leave }) => leave())).toMatchObject({
      code: 0,
      stderr: "",
    })
  })

  it("has colours unless they are not wanted", async () => {
    const { group } = await groupAt(3)
    const line = `lag ${group} --watch --count 1`
    const colour = "\u001b[1m"
    expect((await onTerminal(line, () => undefined)).stdout).toContain(colour)
    const plain = await onTerminal(line, () => undefined, { env: { NO_COLOR: "1" } })
    expect(plain.stdout).not.toContain(colour)
    expect(restored(plain)).toBe(true)
  })

  it("is no place for pictures where JSON is wanted", async () => {
    const { group } = await groupAt(3)
    const { stdout } = await strata(`lag ${group} --watch --count 1 --json`, { terminal: true })
    expect(JSON.parse(stdout).groups).toHaveLength(1)
  })
})
