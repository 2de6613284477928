import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { documents } from "../../../docs/generate/documents.ts"

describe("the generated documents", () => {
  it.each(Object.entries(documents()))("docs/%s is what npm run docs makes", (name, content) => {
    const written = readFileSync(new URL(`../../../docs/${name}`, import.meta.url), "utf8")
    expect(written === content, `docs/${name} is out of date: npm run docs`).toBe(true)
  })
})
