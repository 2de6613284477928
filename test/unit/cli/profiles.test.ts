/** Profiles: a file for its owner's eyes alone, whose keys go to their own server. */
import { chmod, chown, lstat, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { PassThrough } from "node:stream"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { directoryFault, fileFault } from "../../../sdk/cli/profiles/ownership.ts"
import { parseProfiles } from "../../../sdk/cli/profiles/profile.ts"
import { runCli } from "../../fakes/cli-io.ts"

const KEY = "stk_abcdefghijklmnop_planted0secret"

let home: string
let path: string

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "strata-profiles-"))
  path = join(home, ".config", "stratalog", "profiles.json")
})
afterEach(() => rm(home, { recursive: true, force: true }))

const strata = (line: string, { input = "", env = {} }: { input?: string; env?: Record<string, string> } = {}) =>
  runCli(line.split(" "), { env: { HOME: home, ...env }, input })

async function put(text: string, mode = 0o600) {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  await writeFile(path, text, { mode })
  await chmod(path, mode)
}

const profiles = (all: unknown) => JSON.stringify({ profiles: all })

describe("strata profile", () => {
  it("keeps a key from stdin, in a file that is its owner's alone", async () => {
    const set = await strata("profile set prod --url https://log.example.com --api-key -", { input: `${KEY}\n` })
    expect(set).toMatchObject({ code: 0, stdout: expect.stringContaining("key abcdefghijklmnop") })
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect((await stat(dirname(path))).mode & 0o777).toBe(0o700)
    expect(JSON.parse(await readFile(path, "utf8"))).toEqual({
      profiles: { prod: { url: "https://log.example.com", apiKey: KEY } },
    })
    expect(await readdir(dirname(path))).toEqual(["profiles.json"])
  })

  it("asks for a key on a terminal, and does not show it", async () => {
    const args = ["profile", "set", "prod", "--url", "https://log.example.com", "--api-key", "-"]
    const input = PassThrough.from([`${KEY}\n`])
    const { code, stdout, stderr } = await runCli(args, { env: { HOME: home }, input, terminal: true })
    expect([code, stderr, stdout]).toEqual([0, "The key, which is not shown: \n", expect.stringContaining("abcdefgh")])
    expect(stdout).not.toContain("planted")
    expect(await readFile(path, "utf8")).toContain(KEY)
  })

  it("shows no secret, neither in text nor in JSON", async () => {
    await strata(`profile set prod --url https://log.example.com --api-key ${KEY}`)
    await strata("profile set other --url https://other.example.com --api-key planted-token-of-others")
    await strata("profile set aws --url https://aws.example.com --auth iam --region eu-central-1")
    const shown = [await strata("profile list"), await strata("profile list --json"), await strata("profile show prod")]
    for (const { code, stdout, stderr } of shown)
      expect([code, stdout + stderr]).toEqual([0, expect.not.stringContaining("planted")])
    expect(shown[0]?.stdout).toBe(
      [
        "PROFILE  URL                        ASKED BY",
        "prod     https://log.example.com    key abcdefghijklmnop",
        "other    https://other.example.com  key …",
        "aws      https://aws.example.com    iam eu-central-1",
        "",
      ].join("\n"),
    )
    expect(JSON.parse(shown[1]?.stdout ?? "")).toMatchObject({ profiles: [{ profile: "prod" }, {}, { auth: "iam" }] })
  })

  it("changes what is said, and leaves the rest", async () => {
    await strata(`profile set prod --url https://log.example.com --api-key ${KEY}`)
    await strata("profile set prod --api-key -", { input: "stk_next" })
    expect(JSON.parse(await readFile(path, "utf8")).profiles.prod).toEqual({
      url: "https://log.example.com",
      apiKey: "stk_next",
    })
    await strata("profile set prod --auth iam")
    expect(JSON.parse(await readFile(path, "utf8")).profiles.prod).toEqual({
      url: "https://log.example.com",
      auth: "iam",
    })
    await strata("profile set prod --auth none")
    expect(JSON.parse(await readFile(path, "utf8")).profiles.prod).toEqual({ url: "https://log.example.com" })
    expect(await strata("profile remove prod")).toMatchObject({ code: 0 })
    expect((await strata("profile list")).stdout).toBe("No profiles.\n")
    expect(await strata("profile remove prod")).toMatchObject({ code: 2 })
    expect(await strata("profile show prod")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("no profile prod"),
    })
  })

  it.each([
    ["profile set prod --api-key stk_x", "Say where the server is"],
    ["profile set prod --url http://log.example.com --api-key stk_x", "--insecure"],
    ["profile set prod --url https://log.example.com --api-key stk_x --auth iam", "only one"],
    ["profile set ../prod --url https://log.example.com", "cannot be the name"],
    ["profile set __proto__ --url https://log.example.com", "cannot be the name"],
    ["profile set prod --url ftp://log.example.com", "URL of the server is not right"],
    ["profile set prod --url https://me:planted@log.example.com", "has a user in it"],
    ["profile set prod --url https://log.example.com --region eu-central-1", "--auth iam"],
  ])("refuses: %s", async (line, reason) => {
    const { code, stderr } = await strata(line)
    expect([code, stderr]).toEqual([2, expect.stringContaining(reason)])
    expect(stderr).not.toContain("planted")
    await expect(stat(path)).rejects.toThrow("ENOENT")
  })

  it.each(["", "\n", "stk_planted x", "stk_planted\nstk_planted"])(
    "refuses the key %j, and does not tell it",
    async (input) => {
      const { code, stderr } = await strata("profile set prod --url https://log.example.com --api-key -", { input })
      expect([code, stderr]).toEqual([1, expect.not.stringContaining("planted")])
    },
  )

  it("takes a key to no other server when the URL changes", async () => {
    await strata(`profile set prod --url https://log.example.com --api-key ${KEY}`)
    const { code, stderr } = await strata("profile set prod --url https://other.example.com")
    expect([code, stderr]).toEqual([2, expect.stringContaining("is for https://log.example.com")])
    expect(await strata("profile set prod --url https://log.example.com/stage")).toMatchObject({ code: 0 })
    expect(JSON.parse(await readFile(path, "utf8")).profiles.prod.apiKey).toBe(KEY)
  })

  it("respects XDG_CONFIG_HOME, and says so where there is no place at all", async () => {
    const env = { XDG_CONFIG_HOME: join(home, "elsewhere") }
    expect(await strata("profile set prod --url https://log.example.com", { env })).toMatchObject({ code: 0 })
    expect(await readdir(join(home, "elsewhere", "stratalog"))).toEqual(["profiles.json"])
    const relative = await strata("profile list", { env: { XDG_CONFIG_HOME: "elsewhere" } })
    expect(relative.stdout).toBe("No profiles.\n")
    expect((await runCli(["profile", "list"], { env: {} })).stderr).toContain("HOME")
  })

  it("writes through a link, which stays one", async () => {
    const kept = join(home, "dotfiles.json")
    await writeFile(kept, profiles({}), { mode: 0o600 })
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    await symlink(kept, path)
    expect(await strata("profile set prod --url https://log.example.com")).toMatchObject({ code: 0 })
    expect((await lstat(path)).isSymbolicLink()).toBe(true)
    expect(JSON.parse(await readFile(kept, "utf8")).profiles).toHaveProperty("prod")
  })
})

describe("two commands at once", () => {
  it("lose nothing: one of them is refused", async () => {
    await strata("profile set prod --url https://log.example.com")
    await writeFile(`${path}.draft`, "", { mode: 0o600 })
    const refused = await strata("profile set other --url https://other.example.com")
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining(`then remove ${path}.draft`) })
    await rm(`${path}.draft`)
    expect(await strata("profile set other --url https://other.example.com")).toMatchObject({ code: 0 })
    expect(Object.keys(JSON.parse(await readFile(path, "utf8")).profiles)).toEqual(["prod", "other"])
  })
})

describe.skipIf(process.platform === "win32")("a file of profiles", () => {
  const some = profiles({ prod: { url: "https://log.example.com", apiKey: KEY } })

  it.each([0o640, 0o604, 0o620, 0o777])("is not used while others reach it: mode %o", async (mode) => {
    await put(some, mode)
    const { code, stderr } = await strata("--profile prod topic list")
    expect([code, stderr]).toEqual([1, expect.stringContaining("chmod 600")])
    expect(stderr).not.toContain("planted")
  })

  it.each([0o600, 0o400])("is used in mode %o", async (mode) => {
    await put(some, mode)
    expect(await strata("profile show prod")).toMatchObject({ code: 0 })
  })

  it("is not used where others may put another one in its place", async () => {
    await put(some)
    await chmod(dirname(path), 0o777)
    expect((await strata("profile list")).stderr).toContain("can be written by others")
    await chmod(dirname(path), 0o1777)
    expect(await strata("profile list")).toMatchObject({ code: 0 })
  })

  it("is judged by where a link leads", async () => {
    const kept = join(home, "dotfiles.json")
    await writeFile(kept, some, { mode: 0o644 })
    await mkdir(dirname(path), { recursive: true })
    await symlink(kept, path)
    expect((await strata("profile list")).stderr).toContain("mode 0644")
  })

  it.runIf(process.getuid?.() === 0)("is not used where it is another user's", async () => {
    await put(some)
    await chown(path, 4711, 4711)
    expect((await strata("profile list")).stderr).toContain("belongs to another user")
  })

  it("may begin with the mark that some editors put there", async () => {
    await put(`\uFEFF${some}`)
    expect(await strata("profile show prod")).toMatchObject({ code: 0 })
  })

  it("is no directory", async () => {
    await mkdir(path, { recursive: true })
    expect((await strata("profile list")).stderr).toContain("is no file")
  })

  it.each([
    ['{"profiles":\n{"prod": {"apiKey": "stk_planted" "url": ""', "line 2 is not right"],
    ['{"profiles": {"prod": {"apiKey": stk_planted}}}', "it is no JSON"],
    ["stk_planted", "it is no JSON"],
  ])("that is broken says where, and nothing of what is there: %s", async (text, reason) => {
    await put(text)
    const { code, stderr } = await strata("profile list", { env: { STRATA_DEBUG: "1" } })
    expect([code, stderr]).toEqual([1, expect.stringContaining(reason)])
    expect(stderr).not.toContain("planted")
  })

  it("is needed by no command that asks no server", async () => {
    await put("{")
    const env = { STRATALOG_PROFILE: "prod" }
    expect(await strata("completion bash", { env })).toMatchObject({ code: 0 })
    expect(await strata("topic list", { env })).toMatchObject({ code: 1 })
  })
})

describe("what a profile says", () => {
  it.each([
    ["[]", 'no object "profiles"'],
    ['{"profiles":[]}', 'no object "profiles"'],
    ["null", 'no object "profiles"'],
    [profiles({ prod: "stk_planted" }), "in profile prod there is no object"],
    [profiles({ prod: { url: 1 } }), "url is no string"],
    [profiles({ prod: {} }), "url is no http or https URL"],
    [profiles({ prod: { url: "https://me:planted@x" } }), "without a user in it"],
    [profiles({ prod: { url: "stk_planted" } }), "url is no http or https URL"],
    [profiles({ prod: { url: "https://x", apikey: "stk_planted" } }), "a field is none of url, apiKey"],
    [profiles({ prod: { url: "https://x", stk_planted: "" } }), "a field is none of"],
    [profiles({ prod: { url: "https://x", apiKey: "stk_planted", auth: "iam" } }), "both apiKey and auth"],
    [profiles({ prod: { url: "https://x", auth: "stk_planted" } }), 'auth is not "iam"'],
    [profiles({ "stk_planted ": {} }), "a name that is none"],
    ['{"profiles":{"__proto__":{"url":"https://x"}}}', "a name that is none"],
  ])("is refused where it is wrong: %s", (text, reason) => {
    const parsed = parseProfiles(text)
    expect(parsed).toEqual({ kind: "wrong", detail: expect.stringContaining(reason) })
    expect(JSON.stringify(parsed)).not.toContain("planted")
  })
})

describe("whose a file is", () => {
  it("is the user's or root's, and nobody else's to read", () => {
    expect(fileFault({ mode: 0o100600, uid: 1000 }, 1000)).toBeUndefined()
    expect(fileFault({ mode: 0o100400, uid: 0 }, 1000)).toBeUndefined()
    expect(fileFault({ mode: 0o100600, uid: 1001 }, 1000)).toBe("belongs to another user")
    expect(fileFault({ mode: 0o100600, uid: 1000 }, 0)).toBe("belongs to another user")
    expect(fileFault({ mode: 0o100644, uid: 1000 }, 1000)).toBe("can be read by others (mode 0644)")
    expect(directoryFault({ mode: 0o40755, uid: 1000 }, 1000)).toBeUndefined()
    expect(directoryFault({ mode: 0o40775, uid: 1000 }, 1000)).toBe("can be written by others")
    expect(directoryFault({ mode: 0o41777, uid: 0 }, 1000)).toBeUndefined()
    expect(directoryFault({ mode: 0o40700, uid: 1001 }, 1000)).toBe("belongs to another user")
  })
})
