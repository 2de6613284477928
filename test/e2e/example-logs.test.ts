/** The logs example: what it prints is what is in the log. */
import { describe, expect, it } from "vitest"
import { Counts } from "../../examples/logs/filter.ts"
import { makeUpLines } from "../../examples/logs/generate.ts"
import { createTopic, GROUP, LEVELS, type Line, logLines, TOPIC } from "../../examples/logs/lines.ts"
import { caughtUp } from "../../examples/program/caught-up.ts"
import { seededRandom } from "../../examples/program/random.ts"
import { recordsOf, startExampleServer } from "./example-server.ts"

const never = new AbortController().signal

function countsOf(lines: readonly Line[]): string {
  const counts = new Counts()
  for (const line of lines) counts.add(line, line.level === "ERROR")
  return String(counts)
}

describe("example:logs", { timeout: 240_000 }, () => {
  it("shows errors, counts all lines, and goes on in the next run", async () => {
    await using server = await startExampleServer()
    const env = { STRATALOG_URL: server.url }
    const args = (seed: number) => ["--lines", "200", "--rate", "max", "--seed", String(seed)]
    for (const seed of [7, 8]) {
      const lines = [...makeUpLines(200, seededRandom(seed))]
      const { code, output } = await server.processes.start("logs", args(seed), env).ended
      expect(output).toContain(`Tailed: ${countsOf(lines)}\n`)
      expect(code).toBe(0)
      for (const { service, message } of lines.filter(({ level }) => level === "ERROR")) {
        expect(output).toContain(` ERROR ${service}: ${message}\n`)
      }
    }
    const records = await recordsOf(logLines(server.log))
    expect(records).toHaveLength(400)
    for (const { key, value } of records) expect(key).toBe(value.service)
  })

  it("shares the lines between tails of a group", async () => {
    await using server = await startExampleServer()
    const { log, processes } = server
    const env = { STRATALOG_URL: server.url }
    await createTopic(log)
    const tails = [1, 2].map(() => processes.start("logs", ["tail", "--level", "DEBUG"], env))
    const members = async () =>
      (
        await log
          .group(GROUP)
          .describe()
          .catch(() => undefined)
      )?.members.length
    await expect.poll(members, { timeout: 60_000 }).toBe(2)
    const generator = processes.start("logs", ["generate", "--lines", "300", "--rate", "600", "--seed", "3"], env)
    expect((await generator.ended).output).toContain("Generated 300 lines")
    await caughtUp(log, GROUP, TOPIC, never)
    for (const { child } of tails) child.kill("SIGINT")
    const ends = await Promise.all(tails.map(({ ended }) => ended))
    expect(ends.map(({ code }) => code)).toEqual([0, 0])
    const lines = [...makeUpLines(300, seededRandom(3))]
    for (const level of LEVELS) {
      const counted = ends.map(({ output }) => Number(new RegExp(`Tailed: .*${level} (\\d+)`).exec(output)?.[1]))
      expect(counted.reduce((sum, n) => sum + n, 0)).toBe(lines.filter((line) => line.level === level).length)
    }
  })
})
