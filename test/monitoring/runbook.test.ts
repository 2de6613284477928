/** RUNBOOK.md has a section for each alarm and for nothing else, and alarms lead to their sections. */
import { execFileSync } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { ALARM_KINDS, type AlarmKind, descriptionOf } from "../../infra/watch/alarm-kinds.ts"
import { alerts } from "./rules-file.ts"

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
