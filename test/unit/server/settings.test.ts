import { describe, expect, it } from "vitest"
import { newKey } from "../../../functions/server/access/super-key.ts"
import { type Setting, settings } from "../../../functions/server/setting-table.ts"
import { helpText, parseSettings } from "../../../functions/server/settings.ts"

const KEY = "stk_aeaqcaibaeaqcaib_AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE"

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
    [["--auth", "yes"], "--auth yes"],
    [["--super-users", "ops"], "--super-users ops: They must be principals"],
    [["--super-users", "User:*"], "--super-users User:*"],
    [["--super-key", KEY], "--super-key"],
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

  it("take a key from the environment alone, and repeat nothing of one that is malformed", () => {
    expect(parseSettings([], { STRATALOG_SUPER_KEY: KEY })).toMatchObject({ settings: { "super-key": KEY } })
    expect(parseSettings([], { STRATALOG_SUPER_KEY: "" })).toMatchObject({ settings: { "super-key": "" } })
    for (const malformed of [KEY.slice(0, -1), `${KEY}x`, "hunter2", KEY.toUpperCase()]) {
      const parsed = parseSettings([], { STRATALOG_SUPER_KEY: malformed })
      const said = parsed.kind === "refused" ? parsed.detail : parsed.kind
      expect(said).toMatch(/^STRATALOG_SUPER_KEY: It must be a whole API key.*--new-key/)
      expect(said).not.toContain(malformed.slice(4, 16))
    }
  })

  it("make a key where they are asked for one", () => {
    expect(parseSettings(["--new-key"], {})).toEqual({ kind: "new_key" })
    expect(parseSettings([], { STRATALOG_SUPER_KEY: newKey() }).kind).toBe("settings")
    expect(newKey()).not.toBe(newKey())
  })

  it("take tokens of an issuer whose keys nobody can change on the way", () => {
    const refusal = (...args: string[]) => {
      const parsed = parseSettings(args, {})
      return parsed.kind === "refused" ? parsed.detail : parsed.kind
    }
    const audience = ["--jwt-audience", "log"]
    expect(refusal("--jwt-issuer", "https://id.example", ...audience)).toBe("settings")
    expect(refusal("--jwt-issuer", "https://id.example")).toMatch(/go together: only one is given/)
    expect(refusal(...audience)).toMatch(/STRATALOG_JWT_ISSUER and STRATALOG_JWT_AUDIENCE/)
    expect(refusal("--jwt-jwks", "https://id.example/keys")).toMatch(/needs --jwt-issuer/)
    expect(refusal("--jwt-issuer", "example", ...audience)).toMatch(/--jwt-jwks URL/)
    expect(refusal("--jwt-issuer", "http://id.example", ...audience)).toMatch(/no https/)
    const keys = (url: string) => refusal("--jwt-issuer", "example", ...audience, "--jwt-jwks", url)
    expect(keys("http://id.example/keys")).toMatch(/must be an https/)
    expect(keys("http://127.0.0.1:9/keys")).toBe("settings")
    expect(keys("https://id.example/keys")).toBe("settings")
  })

  it("are all in the help", () => {
    for (const [name, setting] of Object.entries<Setting>(settings))
      expect(helpText()).toMatch(new RegExp(setting.secret ? `\n  ${setting.env} ` : `--${name}[^]*${setting.env}`))
    expect(parseSettings(["--help"], {})).toEqual({ kind: "help" })
  })
})
