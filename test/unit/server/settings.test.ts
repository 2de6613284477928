import { describe, expect, it } from "vitest"
import { helpText, parseSettings, settings } from "../../../functions/server/settings.ts"

describe("settings", () => {
  it("have defaults", () => {
    expect(parseSettings([], {})).toMatchObject({
      kind: "settings",
      settings: { host: "127.0.0.1", port: 8080, "data-dir": ".stratalog", "cors-origins": [] },
    })
  })

  it("come from the command line before the environment, and from an empty variable not at all", () => {
    const environment = { STRATALOG_PORT: "9000", STRATALOG_HOST: "", STRATALOG_CORS_ORIGINS: "https://a,https://b" }
    expect(parseSettings(["--port", "0"], environment)).toMatchObject({ settings: { port: 0, host: "127.0.0.1" } })
    expect(parseSettings([], environment)).toMatchObject({
      settings: { port: 9000, "cors-origins": ["https://a", "https://b"] },
    })
    expect(parseSettings([], { STRATALOG_PORT: "" })).toMatchObject({ settings: { port: 8080 } })
  })

  it.each([
    [["--port", "http"], "--port"],
    [["--port", "65536"], "--port"],
    [["--prot", "1"], "--prot"],
    [["stray"], "stray"],
    [["--journal-file-bytes", "1"], "--journal-file-bytes"],
    [["--upkeep-interval", "0"], "--upkeep-interval 0: It must be a duration"],
    [["--upkeep-interval", "soon"], "--upkeep-interval soon"],
    [["--max-wait", "0s"], "--max-wait 0s: It must be a duration"],
    [["--tls-cert", "a.pem"], "go together"],
    [["--tls-key", "a.pem"], "go together"],
  ])("refuse %j with a sentence that names it", (args, named) => {
    const parsed = parseSettings(args, {})
    expect(parsed.kind).toBe("refused")
    expect(parsed.kind === "refused" && parsed.detail).toContain(named)
  })

  it("of the cloud's storage need the names of both its parts", () => {
    const names = { STRATALOG_TABLE: "t", STRATALOG_BUCKET: "b" }
    expect(parseSettings(["--storage", "aws", "--create"], names)).toMatchObject({
      settings: { storage: "aws", table: "t", bucket: "b", create: true },
    })
    expect(parseSettings([], { ...names, STRATALOG_STORAGE: "aws" })).toMatchObject({ settings: { create: false } })
    for (const environment of [{}, { STRATALOG_TABLE: "t" }, { STRATALOG_BUCKET: "b" }]) {
      const parsed = parseSettings(["--storage", "aws"], environment)
      expect(parsed.kind === "refused" && parsed.detail).toMatch(/--table NAME --bucket NAME.*STRATALOG_TABLE/)
    }
    expect(parseSettings(["--storage", "s3"], names).kind).toBe("refused")
  })

  it("are all in the help", () => {
    for (const [name, { env }] of Object.entries(settings))
      expect(helpText()).toMatch(new RegExp(`--${name}[^]*${env}`))
    expect(parseSettings(["--help"], {})).toEqual({ kind: "help" })
  })
})
