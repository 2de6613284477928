/** Which server a command asks and what it shows there: options before the environment before a profile, and no key to strangers. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises"
import { createServer } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { decideTarget, type Sources } from "../../../sdk/cli/auth/decide-target.ts"
import type { Profile } from "../../../sdk/cli/profiles/profile.ts"
import { type LoopbackServer, listenOnLoopback } from "../../aws/loopback-server.ts"
import { runCli } from "../../fakes/cli-io.ts"

let home: string
let servers: LoopbackServer[]

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "strata-key-"))
  servers = []
})
afterEach(async () => {
  for (const server of servers) await server.stop()
  await rm(home, { recursive: true, force: true })
})

/** A server that notes what it is shown; of a list, which is empty, not by the question after it. */
async function listening(): Promise<{ readonly url: string; readonly shown: (string | undefined)[] }> {
  const shown: (string | undefined)[] = []
  const server = createServer((request, response) => {
    if (request.url !== "/v1/whoami") shown.push(request.headers.authorization)
    response.end('{"topics":[],"maxBatchBytes":1,"name":"t"}')
  })
  const started = await listenOnLoopback(server)
  servers.push(started)
  return { url: started.endpoint, shown }
}

async function profiles(all: Readonly<Record<string, Profile>>): Promise<void> {
  const directory = join(home, ".config", "stratalog")
  await mkdir(directory, { recursive: true, mode: 0o700 })
  await writeFile(join(directory, "profiles.json"), JSON.stringify({ profiles: all }), { mode: 0o600 })
}

const strata = (line: string, env: Readonly<Record<string, string>> = {}) =>
  runCli(line.split(" "), { env: { HOME: home, ...env } })

describe("a key", () => {
  it("comes from the option, else from the environment, else from the profile", async () => {
    const { url, shown } = await listening()
    await profiles({ here: { url, apiKey: "stk_profile" } })
    const env = { STRATALOG_URL: url, STRATALOG_API_KEY: "stk_environment\n", STRATALOG_PROFILE: "here" }
    expect(await strata("topic list --api-key stk_option", env)).toMatchObject({ code: 0 })
    await strata("topic list", env)
    await strata("topic list", { STRATALOG_PROFILE: "here" })
    await strata("--profile here topic list")
    await strata("--profile here --auth none topic list")
    await strata("topic list", { STRATALOG_URL: url })
    expect(shown.map((header) => header?.replace("Bearer stk_", ""))).toEqual([
      "option",
      "environment",
      "profile",
      "profile",
      undefined,
      undefined,
    ])
  })

  it("of the environment does not go where a profile that is named leads", async () => {
    const [mine, theirs] = [await listening(), await listening()]
    await profiles({ theirs: { url: theirs.url } })
    const env = { STRATALOG_URL: mine.url, STRATALOG_API_KEY: "stk_mine" }
    expect(await strata("--profile theirs topic list", env)).toMatchObject({ code: 0 })
    expect([mine.shown, theirs.shown]).toEqual([[], [undefined]])
  })

  it("of a profile goes to no other server", async () => {
    const [mine, theirs] = [await listening(), await listening()]
    await profiles({ mine: { url: mine.url, apiKey: "stk_planted" } })
    for (const line of [`--profile mine --url ${theirs.url} topic list`, `--profile mine doctor ${theirs.url}`]) {
      const { code, stderr } = await strata(line)
      expect([code, stderr]).toEqual([2, expect.stringContaining("is for")])
      expect(stderr).not.toContain("planted")
    }
    const env = { STRATALOG_PROFILE: "mine", STRATALOG_URL: theirs.url }
    expect(await strata("topic list", env)).toMatchObject({ code: 2 })
    expect(await strata(`--profile mine --url ${mine.url}/ topic list`)).toMatchObject({ code: 0 })
    expect([mine.shown, theirs.shown]).toEqual([["Bearer stk_planted"], []])
  })

  it("goes to another machine over TLS alone, unless that is asked for", async () => {
    for (const url of ["http://log.example.com", "http://10.0.0.7:8080", "http://127.0.0.1.example.com"]) {
      const { code, stderr } = await strata(`--url ${url} --api-key stk_planted topic list`)
      expect([code, stderr]).toEqual([2, expect.stringMatching(/The key was not sent.*--insecure/)])
      expect(stderr).not.toContain("planted")
    }
  })

  it("is not told where it is wrong, or the server does not want it", async () => {
    const { url } = await listening()
    const failures = [
      await strata(`--url ${url} --api-key - topic list`),
      await strata(`--url ${url} topic list`, { STRATALOG_API_KEY: "Bearer stk_planted" }),
      await strata(`--url ${url} topic list`, { STRATALOG_API_KEY: "stk_planted\nx: y", STRATA_DEBUG: "1" }),
      await strata(`--url ${url} --auth iam --api-key stk_planted topic list`),
      await strata(`--url ${url} topic list`, { STRATALOG_AUTH: "iam", STRATALOG_API_KEY: "stk_planted" }),
      await strata("topic list --url http://127.0.0.1:1", { STRATALOG_API_KEY: "stk_planted", STRATA_DEBUG: "1" }),
    ]
    for (const { code, stdout, stderr } of failures) {
      expect([code > 0, stdout + stderr]).toEqual([true, expect.not.stringContaining("planted")])
    }
    expect(failures.map(({ code }) => code)).toEqual([2, 1, 1, 2, 2, 3])
  })

  it("does not mind how the server beside it is told to ask", async () => {
    const { url, shown } = await listening()
    const env = { STRATALOG_URL: url, STRATALOG_AUTH: "required", STRATALOG_API_KEY: "stk_1" }
    expect(await strata("topic list", env)).toMatchObject({ code: 0 })
    expect(shown).toEqual(["Bearer stk_1"])
  })
})

describe("strata copy", () => {
  it("asks each side as its profile says, and takes a key that names no side to neither", async () => {
    const [source, target] = [await listening(), await listening()]
    await profiles({ old: { url: source.url, apiKey: "stk_old" }, new: { url: target.url, apiKey: "stk_new" } })
    await strata("copy --from old --to new --dry-run", { STRATALOG_API_KEY: "stk_planted" })
    await strata(`copy --from old --to ${target.url} --dry-run`, { STRATALOG_API_KEY: "stk_planted" })
    expect(new Set(source.shown)).toEqual(new Set(["Bearer stk_old"]))
    expect(new Set(target.shown)).toEqual(new Set(["Bearer stk_new", undefined]))
    const both = await strata("copy --from old --to new --api-key stk_planted")
    expect(both).toMatchObject({ code: 2, stderr: expect.stringContaining("for one service") })
    expect((await strata("copy --from old --to other")).stderr).toContain("no profile other")
  })
})

describe("what is said in several places", () => {
  const nothing = { place: "" }
  const prod = { name: "prod", url: "https://prod.test", apiKey: "stk_1" }
  const target = (sources: Partial<Sources>) =>
    decideTarget({
      options: nothing,
      environment: nothing,
      profile: undefined,
      profileFirst: false,
      insecure: false,
      fallbackUrl: "http://127.0.0.1:8080",
      ...sources,
    })

  it("is nothing by default", () => {
    expect(target({})).toEqual({ url: "http://127.0.0.1:8080", identity: { kind: "none" } })
  })

  it("is one thing where it is said in one place", () => {
    const environment = { place: "", url: "https://env.test", auth: "iam" }
    expect(target({ environment, profile: prod, profileFirst: true })).toEqual({
      url: "https://prod.test",
      identity: { kind: "key", apiKey: "stk_1" },
    })
    expect(target({ environment, profile: prod })).toEqual({
      url: "https://env.test",
      identity: { kind: "iam", region: undefined },
    })
  })

  it("may allow a key in the clear, by an option or for the URL of the profile", () => {
    const clear = { name: "lan", url: "http://10.0.0.7:8080", apiKey: "stk_1" }
    expect(() => target({ profile: clear })).toThrow("was not sent")
    expect(target({ profile: clear, insecure: true })).toMatchObject({ identity: { kind: "key" } })
    const profile = { ...clear, insecure: true }
    expect(target({ profile })).toMatchObject({ identity: { kind: "key" } })
    const options = { place: "", url: "http://10.0.0.8:8080", apiKey: "stk_2" }
    expect(() => target({ options, profile })).toThrow("was not sent")
  })

  it("tells the region of a profile to who signs", () => {
    const profile = { name: "aws", url: "https://log.test", auth: "iam", region: "eu-central-1" } as const
    expect(target({ profile }).identity).toEqual({ kind: "iam", region: "eu-central-1" })
  })
})
