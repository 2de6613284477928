/** `strata key`, `strata acl`, `strata whoami` and `strata doctor` against a server that wants keys. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest"
import { allowAdvice } from "../../../sdk/cli/acl/allow-lines.ts"
import { runCli } from "../../fakes/cli-io.ts"
import { type GuardedServer, openGuardedServer } from "../../fakes/guarded-server.ts"

const DAY_MS = 86_400_000
const NOW = Date.UTC(2026, 10, 21, 12)

let server: GuardedServer
beforeAll(async () => {
  server = await openGuardedServer(NOW)
})
afterAll(() => server.close())
afterEach(() => server.setTime(NOW))

/** As the super-user, or with another key. */
function strata(line: string, { key = server.superKey, input = "", terminal = false } = {}) {
  const env = { STRATALOG_URL: server.url, ...(key !== "" && { STRATALOG_API_KEY: key }) }
  return runCli(
    [...line.matchAll(/(?:'[^']*'|[^\s'])+/g)].map(([word]) => word.replaceAll("'", "")),
    { env, input, terminal, now: NOW },
  )
}

async function keyOf(principal: string, more = ""): Promise<string> {
  const { code, stdout } = await strata(`key create --principal ${principal} ${more}`.trim())
  expect(code).toBe(0)
  return stdout.trim()
}

const idOf = (key: string) => key.split("_")[1] ?? ""

describe("strata key create", () => {
  it("makes another key of a super-user, without which the first cannot be revoked", async () => {
    const last = await strata(`key revoke ${idOf(server.superKey)}`)
    expect(last).toMatchObject({ code: 1, stderr: expect.stringContaining("strata key create --super") })
    const other = await keyOf("User:root", "--super")
    expect((await strata("whoami", { key: other })).stdout).toBe(`User:root (super-user), by key ${idOf(other)}\n`)
  })

  it("prints the key and nothing else on stdout", async () => {
    const { code, stdout, stderr } = await strata(
      "key create --principal User:alice --expires 90d --description 'the shop'",
    )
    expect(code).toBe(0)
    expect(stdout).toMatch(/^stk_[a-z2-7]{16}_[\w-]{43}\n$/)
    expect(stderr).toBe(
      `Key ${idOf(stdout)} of User:alice: taken until 2027-02-19T12:00:00.000Z. It is not shown again.\n`,
    )
    expect(await strata("whoami", { key: stdout.trim() })).toMatchObject({
      code: 0,
      stdout: `User:alice, by key ${idOf(stdout)}, which expires 2027-02-19T12:00:00.000Z\n`,
    })
  })

  it("prints all of it as JSON where that is asked for", async () => {
    const { stdout, stderr } = await strata("key create --principal User:alice --super --expires 2027-01-31 --json")
    expect(JSON.parse(stdout)).toMatchObject({
      principal: "User:alice",
      superUser: true,
      expiresAt: Date.UTC(2027, 0, 31),
    })
    expect(stderr).toBe("")
  })

  it.each([
    ["key create", 2, "--principal"],
    ["key create --principal alice", 1, "principal"],
    ["key create --principal User:alice --expires soon", 2, "such as 90d"],
    ["key create --principal User:alice --expires 90", 2, "such as 90d"],
    [
      "key create --principal User:alice --expires 2026-01-01",
      1,
      "--expires 2026-01-01T00:00:00.000Z is over: it must be in the future.",
    ],
  ])("refuses: %s", async (line, code, reason) => {
    expect(await strata(line)).toMatchObject({ code, stdout: "", stderr: expect.stringContaining(reason) })
  })
})

describe("strata key list", () => {
  it("shows whose keys there are and no secrets, also those that expired", async () => {
    const secret = (await keyOf("User:lister", "--expires 1d")).split("_").slice(2).join("_")
    server.setTime(NOW + 2 * DAY_MS)
    const all = await strata("key list")
    expect(all.stdout).toMatch(/^KEY +PRINCIPAL +SUPER +CREATED +EXPIRES +DESCRIPTION\n/)
    expect(all.stdout).toMatch(/firstkeyfirstkey +User:root +yes/)
    const own = await strata("key list --principal User:lister --json")
    expect(JSON.parse(own.stdout).keys).toMatchObject([{ principal: "User:lister", expiresAt: NOW + DAY_MS }])
    expect(all.stdout + own.stdout).not.toContain(secret)
    expect(await strata("key list --principal User:nobody")).toMatchObject({
      code: 0,
      stdout: "",
      stderr: "No keys.\n",
    })
  })
})

describe("strata key revoke", () => {
  it("ends keys by their ids, or by the whole key", async () => {
    const [first, second, third] = [await keyOf("User:a"), await keyOf("User:a"), await keyOf("User:a")]
    const { code, stdout } = await strata(`key revoke ${idOf(first)} ${second}`)
    expect([code, stdout]).toEqual([0, `Revoked ${idOf(first)}\nRevoked ${idOf(second)}\n`])
    for (const key of [first, second]) {
      expect(await strata("whoami", { key })).toMatchObject({
        code: 1,
        stderr: expect.stringContaining("unknown, revoked"),
      })
    }
    expect(await strata("whoami", { key: third })).toMatchObject({ code: 0 })
  })

  it("ends all of a principal, and asks first", async () => {
    const keys = [await keyOf("User:b"), await keyOf("User:b")]
    expect(await strata("key revoke --principal User:b")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--yes"),
    })
    const asked = await strata("key revoke --principal User:b", { input: "n\n", terminal: true })
    expect(asked.stderr).toContain("Revoke all 2 keys of User:b?")
    const { stdout } = await strata("key revoke --principal User:b --yes --json")
    expect(JSON.parse(stdout).revoked.toSorted()).toEqual(keys.map(idOf).toSorted())
    expect(await strata("key revoke --principal User:b --yes")).toMatchObject({
      code: 0,
      stderr: "Nothing was revoked.\n",
    })
  })

  it("ends the key that it speaks with last", async () => {
    const own = await keyOf("User:c", "--super")
    for (let more = 0; more < 3; more++) await keyOf("User:c")
    expect(await strata("key revoke --principal User:c --yes", { key: own })).toMatchObject({ code: 0 })
    expect((await strata("key list --principal User:c")).stdout).toBe("")
  })

  it("says which it revoked before one that it could not", async () => {
    const key = await keyOf("User:d")
    const { code, stdout, stderr } = await strata(`key revoke ${idOf(key)} aaaaaaaaaaaaaaaa`)
    expect([code, stdout, stderr]).toEqual([1, `Revoked ${idOf(key)}\n`, expect.stringContaining("strata key list")])
  })

  it("does not tell what may be a key", async () => {
    const { code, stderr } = await strata("key revoke stk_planted")
    expect([code, stderr]).toEqual([2, expect.not.stringContaining("planted")])
    expect(await strata("key revoke")).toMatchObject({ code: 2 })
  })
})

describe("strata acl", () => {
  it("allows what Kafka's conveniences do, so that producers and consumers work", async () => {
    await strata("topic create acl-orders")
    const [producer, consumer] = [await keyOf("User:shop"), await keyOf("User:billing")]
    const produce = () => strata("produce acl-orders 1", { key: producer })
    const consume = () => strata("consume acl-orders --group acl-billing --from earliest --max 1", { key: consumer })
    expect(await produce()).toMatchObject({ code: 1, stderr: expect.stringContaining("User:shop is not allowed to") })
    await strata("acl add --allow-principal User:shop --producer --topic acl- --resource-pattern-type prefixed")
    await strata("acl add --allow-principal User:billing --consumer --topic acl-orders --group acl-billing")
    expect(await produce()).toMatchObject({ code: 0 })
    expect(await consume()).toMatchObject({ code: 0, stdout: expect.stringContaining("1") })
    expect(await strata("topic delete acl-orders --yes", { key: producer })).toMatchObject({ code: 1 })
    await strata("acl add --deny-principal User:* --operation Write --topic acl-orders")
    expect(await produce()).toMatchObject({ code: 1 })
    await strata("acl remove --deny-principal User:* --operation Write --topic acl-orders")
    expect(await produce()).toMatchObject({ code: 0 })
  })

  it("adds several at once, and shows them in Kafka's words", async () => {
    const { code, stdout } = await strata(
      "acl add --allow-principal User:t1 --allow-principal User:t2 --operation Read --operation describe-configs --topic t --topic u",
    )
    expect(code).toBe(0)
    expect(stdout.split("\n").length).toBe(1 + 8 + 1)
    expect(stdout).toMatch(/User:t2 +Allow +DescribeConfigs +topic +u +literal\n/)
    const cluster = await strata("acl add --allow-principal User:t1 --operation Alter --cluster --json")
    expect(JSON.parse(cluster.stdout).acls).toMatchObject([{ resourceType: "cluster", operation: "alter" }])
  })

  it("finds them by what they say, and by what concerns a name", async () => {
    await strata("acl add --allow-principal User:f --operation Read --topic find --resource-pattern-type prefixed")
    await strata("acl add --allow-principal User:f --operation Read --topic find-me --group '*'")
    const found = async (filter: string) => JSON.parse((await strata(`acl list ${filter} --json`)).stdout).acls.length
    expect(await found("--principal User:f")).toBe(3)
    expect(await found("--topic find-me")).toBe(1)
    expect(await found("--topic find-me --resource-pattern-type match")).toBe(2)
    expect(await found("--topic find-me --topic find --principal User:f --operation Read")).toBe(2)
    expect(await found("--group g --resource-pattern-type match --principal User:f")).toBe(1)
    expect((await strata("acl list --principal User:f")).stdout).toMatch(/topic +find +prefixed\n/)
    const none = { code: 0, stdout: "", stderr: "None match.\n" }
    expect(await strata("acl list --topic nothing")).toMatchObject(none)
    expect(await strata("acl list --principal User:stranger")).toMatchObject(none)
  })

  it("removes what is found, and asks first", async () => {
    await strata("acl add --allow-principal User:g --operation All --topic g1 --topic g2")
    expect(await strata("acl remove --principal User:g")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--yes"),
    })
    const { stdout } = await strata("acl remove --principal User:g --yes --json")
    expect(JSON.parse(stdout).removed.length).toBe(2)
    expect(await strata("acl remove --principal User:g --yes")).toMatchObject({ stderr: "Nothing was removed.\n" })
  })

  it.each([
    ["add --operation Read --topic t", "Say who"],
    ["add --allow-principal User:x --topic t", "Say what"],
    ["add --allow-principal User:x --operation Read", "Say on what"],
    ["add --allow-principal User:x --operation Reed --topic t", "DescribeConfigs"],
    ["add --allow-principal User:x --producer", "take a topic"],
    ["add --allow-principal User:x --consumer --topic t", "takes a group"],
    ["add --allow-principal User:x --producer --topic t --group g", "about topics"],
    ["add --deny-principal User:x --producer --topic t", "deny nothing"],
    ["add --allow-principal User:x --producer --operation Read --topic t", "not both"],
    ["add --allow-principal User:x --operation Read --topic t --resource-pattern-type match", "literal, prefixed"],
    ["remove", "Say which"],
    ["remove --yes --resource-pattern-type any", "Say which"],
    ["remove --producer --topic t --yes", "--allow-principal"],
  ])("refuses: %s", async (line, reason) => {
    expect(await strata(`acl ${line}`)).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining(reason) })
  })

  it("tells what the server does not take, with its place", async () => {
    const { code, stderr } = await strata("acl add --allow-principal User:x --operation Write --group g")
    expect([code, stderr]).toEqual([1, expect.stringContaining("must be one that there is on a group")])
  })
})

describe("who may not", () => {
  it("is told what is missing, and where to get a key", async () => {
    const nobody = await strata("key list", { key: "" })
    expect(nobody).toMatchObject({ code: 1, stderr: expect.stringContaining("STRATALOG_API_KEY") })
    expect(nobody.stderr).toMatch(/\nrequest [\w-]+\n$/)
    expect((await strata("topic describe nowhere")).stderr).toMatch(/\nrequest [\w-]+\n$/)
    const key = await keyOf("User:weak")
    const weak = await strata("key create --principal User:weak --json", { key })
    expect(JSON.parse(weak.stderr)).toMatchObject({
      code: "not_authorized",
      denied: [{ operation: "alter", resourceType: "cluster" }],
    })
  })
})

describe("an empty list", () => {
  it("says of what a caller may see that it is that, and to who sees all that there is nothing", async () => {
    await strata("topic create hidden")
    const key = await keyOf("User:blind")
    for (const line of ["topic list", "group list", "group list --state"]) {
      expect(await strata(line, { key })).toMatchObject({ code: 0, stdout: "", stderr: "None that you may see.\n" })
    }
    expect(await strata("topic list --json", { key })).toMatchObject({ code: 0, stderr: "" })
    expect((await strata("topic list --prefix none-")).stderr).toContain("No topics.")
  })
})

describe("what is not allowed", () => {
  it("is told with the line that allows it, which can be run", async () => {
    const key = await keyOf("User:hinted")
    const hints = [
      ["topic describe hint-1", "--operation Describe --topic hint-1"],
      ["group describe hint-g", "--operation Describe --group hint-g"],
      ["acl list", "--operation Describe --cluster"],
      ["consume ^hint-.* --group hint-g", "--operation Read --topic hint- --resource-pattern-type prefixed"],
      ["consume ^.* --group hint-g", "--operation Read --topic '*'"],
    ] as const
    for (const [line, hint] of hints) {
      const { stderr } = await strata(line, { key })
      const whole = `strata acl add --allow-principal User:hinted ${hint}`
      expect(stderr.split("\n").map((text) => text.trim())).toContain(whole)
      expect(await strata(whole.replace("strata ", ""))).toMatchObject({ code: 0 })
      expect((await strata(line, { key })).stderr).not.toContain(whole)
    }
    await strata("acl remove --principal User:hinted --yes")
    expect((await strata("consume ^hint-.* --group hint-g", { key })).stderr).toContain("and 1 more")
    await strata("acl add --allow-principal User:hinted --operation Read --group hint-g")
    const refused = await strata("consume ^hint-.* --group hint-g", { key })
    // Once, and not as something that is tried again.
    expect(refused.stderr.split("not allowed to read every topic whose name begins with hint-.").length).toBe(2)
    expect(refused.stderr).not.toContain("Trying on")
  })

  it("is told to a producer whole, whichever part is missing", async () => {
    await strata("topic create hint-produce")
    const key = await keyOf("User:writer")
    const line = "acl add --allow-principal User:writer --producer --topic hint-produce"
    expect((await strata("produce hint-produce 1", { key })).stderr).toContain(`\n  strata ${line}\n`)
    await strata("acl add --allow-principal User:writer --operation Describe --topic hint-produce")
    const written = await strata("produce hint-produce 1", { key })
    expect(written.stderr).toContain("User:writer is not allowed to write topic hint-produce.")
    expect(written.stderr).toContain(`\n  strata ${line}\n`)
    await strata(line)
    expect(await strata("produce hint-produce 1", { key })).toMatchObject({ code: 0 })
  })

  it("is told without what a shell or a terminal would take for its own", () => {
    const denied = (resourceName: string) => ({ operation: "alter_configs", resourceType: "topic", resourceName })
    const advice = allowAdvice({ principal: "User:$(id)", denied: [denied("a'b\u001b"), denied("a'b\u001b")] })
    expect(advice.split("\n").slice(1)).toEqual([
      "  strata acl add --allow-principal 'User:$(id)' --operation AlterConfigs --topic 'a'\\''b\\u001b'",
    ])
    const many = Array.from({ length: 7 }, (_, n) => denied(`t${n}`))
    expect(allowAdvice({ principal: undefined, denied: many })).toMatch(/<who>.*\n {2}and 2 more$/)
    expect(allowAdvice({ principal: "User:a", denied: [] })).not.toContain("acl add")
  })
})

describe("strata doctor", () => {
  const access = async (key: string) => {
    const { stdout } = await strata("doctor --json", { key })
    return JSON.parse(stdout).findings.filter(({ check }: { check: string }) => check === "access")
  }

  it("tells whom the server takes the command for, and how long yet", async () => {
    const detail = "It takes this command for User:root, a super-user, by key firstkeyfirstkey, which does not expire."
    expect(await access(server.superKey)).toEqual([{ check: "access", status: "ok", detail }])
    expect(await access(await keyOf("User:long", "--expires 90d"))).toMatchObject([
      { status: "ok", detail: expect.stringContaining("in 90 days.") },
    ])
    expect(await access(await keyOf("User:short", "--expires 36h"))).toMatchObject([
      { status: "warn", detail: expect.stringContaining("in a day."), advice: expect.stringContaining("User:short") },
    ])
  })

  it("tells that a key is missing or not taken, and looks no further", async () => {
    const missing = await strata("doctor", { key: "" })
    expect([missing.code, missing.stdout]).toEqual([1, expect.stringContaining("It wants an API key.")])
    const old = await keyOf("User:old", "--expires 1d")
    server.setTime(NOW + 2 * DAY_MS)
    expect(await access(old)).toMatchObject([
      { status: "fail", detail: expect.stringContaining("The key is not taken") },
    ])
    expect((await strata("doctor", { key: old })).stdout).not.toContain("limits")
    const token = ["{}", "{}", "x"].map((part) => Buffer.from(part).toString("base64url")).join(".")
    const advice = "Get a new token from its issuer."
    expect(await access(token)).toMatchObject([{ detail: expect.stringContaining("The token is not taken"), advice }])
    expect((await strata("topic list", { key: token })).stderr).toContain("a token comes anew from its issuer")
  })

  it("finds no fault with a server that its caller may not see all of", async () => {
    const key = await keyOf("User:narrow")
    const { stdout } = await strata("doctor --json", { key })
    const { findings } = JSON.parse(stdout)
    expect(findings.filter(({ status }: { status: string }) => status === "fail")).toEqual([])
    const advice = expect.stringContaining(
      "strata acl add --allow-principal User:narrow --operation Describe --cluster",
    )
    expect(findings).toContainEqual(expect.objectContaining({ check: "upkeep", status: "warn", advice }))
  })
})
