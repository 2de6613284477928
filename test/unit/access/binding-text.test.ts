import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { bindingText, readBinding } from "../../../functions/access/binding-text.ts"

describe("a binding's text", () => {
  it("is read back as it was written, whatever the names are", () => {
    const name = fc.string({ unit: "binary" }).map((text) => text.toWellFormed())
    fc.assert(
      fc.property(name, name, (principal, resourceName) => {
        const binding = {
          principal,
          permission: "deny",
          operation: "alter_configs",
          resourceType: "group",
          patternType: "prefixed",
          resourceName,
        } as const
        expect(readBinding(bindingText(binding))).toEqual(binding)
      }),
    )
  })

  it.each([
    "",
    "allow|read|topic|literal|User:alice",
    "allow|read|topic|literal|User:alice|orders|more",
    "allow|read|topic|literal|User:alice|%",
    "permit|read|topic|literal|User:alice|orders",
    "allow|rewind|topic|literal|User:alice|orders",
    "allow|read|shard|literal|User:alice|orders",
    "allow|read|topic|regex|User:alice|orders",
  ])("that is unknown stops everything: %s", (text) => {
    expect(() => readBinding(text)).toThrow(/later version: install/)
  })
})
