import { describe, expect, it } from "vitest"
import { settings } from "../../../functions/server/setting-table.ts"
import { runCli } from "../../fakes/cli-io.ts"

/** The command serves a directory; DynamoDB and S3 are served by `npm start` and by functions. */
const OF_AWS: readonly string[] = ["storage", "table", "bucket", "create"]

/** A command line is no place for it. */
const SECRET: readonly string[] = [settings["super-key"].env]

describe("strata serve", () => {
  it("has every setting of the embedded server, with its variable and default", async () => {
    // Words apart from how the help wraps them.
    const help = (await runCli(["serve", "--help"])).stdout.replace(/\s+/g, " ")
    for (const [name, { env, fallback }] of Object.entries(settings)) {
      if (OF_AWS.includes(name)) continue
      if (SECRET.includes(env)) continue
      expect(help).toContain(`--${name} <`)
      expect(help).toContain(env)
      const shown = name === "journal-file-bytes" ? `${Number(fallback) / 1024 ** 2}MiB` : fallback
      if (fallback !== "") expect(help).toContain(`(default: ${shown})`)
    }
  })

  it("takes --auth for its own, and for nobody's signature", async () => {
    for (const choice of ["yes", "iam"]) {
      const { code, stdout, stderr } = await runCli(["serve", "--auth", choice])
      expect([code, stdout]).toEqual([2, ""])
      expect(stderr).toContain("auto or off or required")
    }
  })

  it.each([
    { STRATALOG_PORT: "many" },
    { STRATALOG_PORT: "70000" },
    { STRATALOG_JOURNAL_FILE_BYTES: "1" },
    { STRATALOG_UPKEEP_INTERVAL: "0" },
    { STRATALOG_AUTH: "yes" },
    { STRATALOG_JWT_ISSUER: "https://id.example.com" },
    { STRATALOG_JWT_JWKS: "https://id.example.com/keys" },
  ])("refuses %o before it starts anything", async (env) => {
    const { code, stdout, stderr } = await runCli(["serve"], { env })
    expect([code, stdout]).toEqual([2, ""])
    // By the variable, or by the option that it stands for.
    const [name = ""] = Object.keys(env)
    const option = name.replace("STRATALOG_", "--").replaceAll("_", "-").toLowerCase()
    expect([name, option].some((each) => stderr.includes(each))).toBe(true)
  })
})
