import { readFileSync } from "node:fs"
import { expect, it } from "vitest"

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8")

it("docs/access.md names every event that a gate and an administrator's call leave in the log", () => {
  const written = /## The log\n(.*?)\n## /s.exec(read("docs/access.md"))?.[1] ?? ""
  const sources = [read("functions/http/access/key-gate.ts"), read("functions/http/logs/administration.ts")]
  const events = new Set(sources.flatMap((text) => [...text.matchAll(/event: "(\w+)"/g)].map(([, event]) => event)))
  expect(events.size).toBe(4)
  for (const event of events) expect(written).toContain(`| \`${event}\` |`)
})
