import "./seeded.ts"
import fc from "fast-check"
import { RE2JS } from "re2js"
import { describe, expect, it } from "vitest"
import { literalPrefix } from "../../../functions/groups/members/literal-prefix.ts"

const letters = fc.string({ unit: fc.constantFrom("a", "b", "-", "_"), maxLength: 3 })
const part = fc.constantFrom(
  "a",
  "b",
  "-",
  ".",
  "\\.",
  "a?",
  "b*",
  "a+",
  "b{0,2}",
  "(ab)",
  "(?:a|b)",
  "[ab]",
  "a|b",
  "(?i)",
  "^",
  "$",
  "",
)
const pattern = fc
  .tuple(letters, fc.array(part, { maxLength: 4 }))
  .map(([literal, parts]) => `^${literal}${parts.join("")}`)
const name = fc.string({ unit: fc.constantFrom("a", "b", "A", "-", "."), maxLength: 5 })

describe("the literal prefix of a pattern", () => {
  it("begins every name that the pattern matches", () => {
    let matched = 0
    fc.assert(
      fc.property(pattern, fc.array(name, { minLength: 20, maxLength: 20 }), (text, names) => {
        const program = RE2JS.compile(text)
        for (const each of names.filter((candidate) => program.matches(candidate))) {
          matched++
          expect(each.startsWith(literalPrefix(text)), `${text} matches ${each}`).toBe(true)
        }
      }),
      { numRuns: 3_000 },
    )
    expect(matched).toBeGreaterThan(500)
  })

  it.each([
    ["^orders-.*", "orders-"],
    ["^orders", "orders"],
    ["^orders?", "order"],
    ["^orders\\..*", "orders"],
    ["^(orders|bills)", ""],
    ["^orders|^bills", ""],
    ["^(?i)orders", ""],
    ["^.*", ""],
  ])("of %s is %j", (text, expected) => {
    expect(literalPrefix(text)).toBe(expected)
  })
})
