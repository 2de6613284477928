/** RUNBOOK.md has a section for each alarm and for nothing else, and alarms lead to their sections. */
import { execFile, execFileSync } from "node:child_process"
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import { describe, expect, it, onTestFinished } from "vitest"
import { ALARM_KINDS, type AlarmKind, descriptionOf } from "../../infra/watch/alarm-kinds.ts"
import { alerts } from "./rules-file.ts"
import { startBusyServer } from "./scraped-server.ts"

const root = new URL("../../", import.meta.url)
const text = readFileSync(new URL("RUNBOOK.md", root), "utf8")

/** What is above the alarms. */
const GENERAL = "First of all"

const [, ...chapters] = text.split(/^## /m)
const sections = new Map(
  chapters.map((chapter) => [chapter.slice(0, chapter.indexOf("\n")), chapter.slice(chapter.indexOf("\n"))] as const),
)
const named = [...sections.keys()].filter((name) => name !== GENERAL)
const alarmKinds = Object.keys(ALARM_KINDS)
const alertNames = alerts.map(({ alert }) => alert)

describe("the runbook", () => {
  it("has a section for each alarm of CloudWatch and each alert of Prometheus, and no other", () => {
    expect(named.toSorted()).toEqual([...new Set([...alarmKinds, ...alertNames])].sort())
    expect(chapters).toHaveLength(sections.size)
  })

  it.each(named)("says of %s what it means, what to look at and what to do", (name) => {
    const said = [...(sections.get(name) ?? "").matchAll(/^\*\*(\w+)\b/gm)].map(([, word]) => word)
    expect(said.filter((word) => ["Means", "Look", "Do"].includes(word ?? ""))).toEqual(["Means", "Look", "Do"])
  })

  it("is where alarms lead to", () => {
    const isKind = (name: string): name is AlarmKind => name in ALARM_KINDS
    for (const kind of alarmKinds.filter(isKind)) expect(descriptionOf(kind)).toMatch(`RUNBOOK.md#${anchorOf(kind)}`)
    for (const { alert, annotations } of alerts) expect(annotations.runbook_url).toBe(`RUNBOOK.md#${anchorOf(alert)}`)
  })

  it("is led to by an address where somebody puts theirs before it, as monitoring/README.md says", () => {
    const folder = mkdtempSync(join(tmpdir(), "stratalog-rules-"))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const rules = join(folder, "stratalog.rules.yml")
    copyFileSync(new URL("monitoring/prometheus/stratalog.rules.yml", root), rules)
    const [line = ""] = /^sed .*$/m.exec(readFileSync(new URL("monitoring/README.md", root), "utf8")) ?? []
    execFileSync("bash", ["-c", line], { cwd: folder })
    const urls = [...readFileSync(rules, "utf8").matchAll(/runbook_url: (.*)/g)].map(([, url]) => url)
    expect(urls).toHaveLength(alerts.length)
    for (const url of urls) expect(url).toMatch(/^https:\/\/[^ ]+\/RUNBOOK\.md#\w+$/)
  })

  it("lists in its table who has which", () => {
    const rows = [...text.matchAll(/^\| (?!what|---)[^|]+\|([^|]*)\|([^|]*)\|$/gm)]
    const linked = (column: 1 | 2) =>
      rows.flatMap((row) => [...(row[column] ?? "").matchAll(/\[(\w+)\]/g)].map(([, name]) => name))
    expect(linked(1).toSorted()).toEqual(alarmKinds.toSorted())
    expect(linked(2).toSorted()).toEqual(alertNames.toSorted())
  })

  it("links to what is there", () => {
    const anchors = new Set([...sections.keys()].map(anchorOf))
    for (const [, target = ""] of text.matchAll(/\]\(([^)]+)\)/g)) {
      const [file = "", anchor] = target.split("#")
      if (file === "") expect(anchors, target).toContain(anchor)
      else expect(existsSync(new URL(file, root)), target).toBe(true)
      if (file === "" || anchor === undefined) continue
      const headings = [...readFileSync(new URL(file, root), "utf8").matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
        anchorOf(heading),
      )
      expect(headings, target).toContain(anchor)
    }
  })

  it("has lines that a shell takes", () => {
    const blocks = [...text.matchAll(/^```sh\n(.*?)^```/gms)].map(([, block]) => block)
    expect(blocks.length).toBeGreaterThan(15)
    expect(execFileSync("bash", ["-n"], { input: blocks.join("\n"), encoding: "utf8" })).toBe("")
  })

  it("asks a server by a key, and says where it is refused: no line of a refused look is good news", {
    timeout: 60_000,
  }, async () => {
    await using server = await startBusyServer()
    const [ask = ""] = /^ask\(\) .*$/m.exec(text) ?? []
    const looks = new Set([...text.matchAll(/^ask (\/\S+)/gm)].map(([, path = ""]) => path))
    expect([...looks].sort()).toEqual(["/metrics", "/v1/limits", "/v1/upkeep"])
    for (const [, path] of text.matchAll(/curl [^\n]*\$STRATALOG_URL(\/\S+)/g)) expect(path).toMatch(/^\/v1\/health/)
    const asked = (path: string, key: string) =>
      promisify(execFile)("bash", ["-c", `${ask}\nask ${path}`], {
        env: { PATH: process.env["PATH"], STRATALOG_URL: server.url, STRATALOG_API_KEY: key },
      })
    for (const path of looks) {
      expect((await asked(path, server.scrapeKey)).stdout).toMatch(/stratalog_|^\{/)
      await expect(asked(path, "")).rejects.toMatchObject({ stdout: "", stderr: expect.stringContaining("401") })
    }
  })

  it("names commands and events that there are", () => {
    const reference = readFileSync(new URL("docs/cli.md", root), "utf8")
    for (const [, command = ""] of text.matchAll(
      /\bstrata ((?:topic|group|key) [a-z-]+|lag|top|doctor|inspect|delete-records)/g,
    ))
      expect(reference).toContain(`\n## strata ${command}\n`)
  })
})

/** As GitHub makes them. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, "")
    .replaceAll(" ", "-")
}
