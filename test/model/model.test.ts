/** The models of the append protocol and of committed offsets, by what takes a moment. All of it: README.md beside it. */
import { execFile, spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { describe, expect, it } from "vitest"

const MODEL = fileURLToPath(new URL("append_protocol.py", import.meta.url))
const OFFSETS = fileURLToPath(new URL("group_offsets.py", import.meta.url))
const LIMIT_MS = 240_000

const hasPython = spawnSync("python3", ["--version"]).status === 0
const isRequired = process.env["CI"] === "true"
if (!hasPython) console.error("\nTHE MODEL IS NOT CHECKED: it needs python3 on the PATH\n")

describe("the model of the append protocol", () => {
  it.skipIf(!hasPython && !isRequired)(
    "holds in every scenario, and finds every seeded bug",
    { timeout: LIMIT_MS },
    async () => {
      const run = await promisify(execFile)("python3", [MODEL, "--quick"], { timeout: LIMIT_MS })

      const lines = run.stdout.trimEnd().split("\n")
      const seeded = lines.filter((line) => line.startsWith("seeded "))
      const scenarios = lines.filter((line) => !line.startsWith("seeded "))
      expect(scenarios.filter((line) => !line.endsWith("  holds"))).toEqual([])
      expect(seeded.filter((line) => !line.includes("  found: "))).toEqual([])
      expect({ scenarios: scenarios.length, seeded: seeded.length }).toEqual({ scenarios: 16, seeded: 30 })
    },
  )

  it.skipIf(!hasPython && !isRequired)(
    "says so, and how it comes about, where a rule is broken",
    { timeout: LIMIT_MS },
    () => {
      const run = spawnSync("python3", [MODEL, "--with", "no-fence", "open window, two rolls"], { encoding: "utf8" })

      expect(run.status).toBe(1)
      expect(run.stdout).toContain("I3: a is there twice")
      expect(run.stdout).toContain("late: commit")
    },
  )
})

describe("the model of committed offsets", () => {
  it.skipIf(!hasPython && !isRequired)("holds, and finds every seeded bug", { timeout: LIMIT_MS }, async () => {
    const run = await promisify(execFile)("python3", [OFFSETS, "--quick"], { timeout: LIMIT_MS })

    const [protocol, ...seeded] = run.stdout.trimEnd().split("\n")
    expect(protocol).toMatch(/^committed offset .* {2}holds$/)
    expect(seeded.filter((line) => !/^seeded .* {2}found: /.test(line))).toEqual([])
    expect(seeded).toHaveLength(8)
  })

  it.skipIf(!hasPython && !isRequired)("says how it comes about, where a rule is broken", { timeout: LIMIT_MS }, () => {
    const run = spawnSync("python3", [OFFSETS, "goes-back"], { encoding: "utf8" })

    expect(run.stdout).toContain("found: a commit went back")
    expect(run.stdout).toContain("lands")
  })
})
