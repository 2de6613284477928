/** Whatever text comes as a pattern: it is one, or it is said not to be. */
import "./seeded.ts"
import fc from "fast-check"
import { expect, it } from "vitest"
import { compilePatterns } from "../../../functions/groups/members/patterns.ts"

const piece = fc.constantFrom(
  ..."ab.-^$|()[]{}*+?\\,:=!<>P0129",
  "(?:",
  "(?i)",
  "(?P<n>",
  "{0,9}",
  "[^",
  "[[:alpha:]]",
  "\\pL",
  "\\Q",
  "\\x{1F600}",
)
const pattern = fc.oneof(
  fc.array(piece, { maxLength: 30 }).map((pieces) => `^${pieces.join("")}`),
  fc.string({ unit: "binary", maxLength: 40 }).map((text) => `^${text}`),
)

it("a pattern is compiled or refused, and matches or does not", async () => {
  await fc.assert(
    fc.asyncProperty(pattern, fc.string({ maxLength: 249 }), async (text, name) => {
      const { match, invalid } = await compilePatterns([text])
      expect(typeof match(text)(name)).toBe("boolean")
      expect(invalid.length).toBeLessThanOrEqual(1)
    }),
  )
})
