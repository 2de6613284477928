import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { cliReference } from "../../../sdk/cli/reference.ts"

const reference = readFileSync(new URL("../../../docs/cli.md", import.meta.url), "utf8")

describe("docs/cli.md", () => {
  it("is what the help texts say; `npm run docs:cli` makes it anew", () => {
    expect(cliReference()).toBe(reference)
  })

  it("has every command with examples", () => {
    const groups = [
      "strata",
      "strata topic",
      "strata group",
      "strata profile",
      "strata key",
      "strata acl",
      "strata perf",
      "strata verify",
    ]
    const sections = reference.split("\n## ").slice(1)
    expect(sections.length).toBeGreaterThan(18)
    const without = sections
      .filter((section) => section.startsWith("strata") && !section.includes("Examples:"))
      .map((section) => section.split("\n")[0])
    expect(without).toEqual(groups)
  })
})
