import { describe, expect, it } from "vitest"
import * as z from "zod"
import { parseCommandLine } from "../../../examples/program/command-line.ts"

const schema = z.object({ role: z.enum(["all", "tail"]).default("all"), n: z.coerce.number<string>().default(1) })
const parse = (...args: readonly string[]) => parseCommandLine(args, { n: { type: "string" } }, schema)

describe("the command line of an example", () => {
  it("gives settings with their defaults", () => {
    expect(parse()).toEqual({ kind: "settings", settings: { role: "all", n: 1 } })
    expect(parse("tail", "--n", "2")).toEqual({ kind: "settings", settings: { role: "tail", n: 2 } })
  })

  it.each([["-h"], ["--help", "--n", "many"]])("shows its help for %s", (...args) => {
    expect(parse(...args)).toEqual({ kind: "help" })
  })

  it.each([
    [["head"], "role: "],
    [["all", "tail"], "tail: one role at a time"],
    [["--n", "many"], "n: "],
    [["--fast"], "--fast"],
  ])("refuses %j in a sentence", (args, detail) => {
    expect(parse(...args)).toMatchObject({ kind: "refused", detail: expect.stringContaining(detail) })
  })
})
