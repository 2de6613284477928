/** The command line against what stands in front of a deployment in AWS: it lets in who signs, and answers in its own words. */
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest"
import { runCli } from "../../fakes/cli-io.ts"
import { openSignedDoor, type SignedDoor } from "../../fakes/signed-door.ts"

const key = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" }
const keys = { AWS_ACCESS_KEY_ID: key.accessKeyId, AWS_SECRET_ACCESS_KEY: key.secretAccessKey }
const region = { AWS_REGION: "eu-central-1" }

let door: SignedDoor

beforeAll(async () => {
  door = await openSignedDoor(key, "eu-central-1")
})

afterEach(() => void vi.unstubAllEnvs())

afterAll(() => door.close())

async function strata(line: string, env: Readonly<Record<string, string>> = {}, input = "") {
  const result = await runCli(line.split(" "), { env: { STRATALOG_URL: door.url, ...env }, input })
  return { ...result, faults: door.faults() }
}

/** Whoever runs this may have some: the AWS SDK looks at the process, not at what the command was given. */
function hideCredentials() {
  for (const name of Object.keys(process.env)) if (name.startsWith("AWS_")) vi.stubEnv(name, undefined)
  vi.stubEnv("AWS_CONFIG_FILE", "/nowhere")
  vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
  vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true")
}

describe("strata --auth iam", () => {
  it("makes every call of a first session", async () => {
    const env = { ...keys, ...region }
    expect(await strata("--auth iam topic create orders --partitions 2", env)).toMatchObject({ code: 0 })
    const produced = await strata("produce orders --auth iam --format utf8", env, "one\nzwei ü\n")
    expect(produced).toMatchObject({ code: 0, stderr: "" })
    const consumed = await strata("consume orders --from earliest --format utf8 --json", {
      ...env,
      STRATALOG_AUTH: "iam",
    })
    expect(consumed).toMatchObject({ code: 0, stderr: "", stdout: expect.stringContaining("zwei ü") })
    const reset = await strata("--auth iam group reset billing --topic orders --to-earliest --execute", env)
    expect(reset).toMatchObject({ code: 0 })
    const doctor = await strata("--auth iam doctor --json", env)
    expect(doctor.stdout).toContain('"check":"reach","status":"ok"')
    for (const { faults } of [produced, consumed, reset]) {
      expect(faults.length).toBeGreaterThan(0)
      expect(faults.every((fault) => fault === undefined)).toBe(true)
    }
    // It asks once without, to tell whether anybody is let in.
    expect(doctor.faults.filter((fault) => fault !== undefined)).toEqual(["not signed"])
  })

  it("is what the advice names where a request came without", async () => {
    const { code, stderr, faults } = await strata("topic list")
    expect([code, faults]).toEqual([1, ["not signed"]])
    expect(stderr).toContain("--auth iam")
    expect((await strata("doctor")).stdout).toContain("--auth iam")
  })

  it("says how to get keys where there are none, and sends nothing", async () => {
    hideCredentials()
    const env = { ...region, AWS_ACCESS_KEY_ID: key.accessKeyId }
    const { code, stderr, faults } = await strata("--auth iam topic list", env)
    expect([code, faults]).toEqual([1, []])
    expect(stderr).toContain("aws configure export-credentials")
    expect(stderr).toContain("npm install @aws-sdk/credential-provider-node")
  })

  it("needs a region where the name of the server does not tell it", async () => {
    const { code, stderr } = await strata("--auth iam --url https://log.example.com topic list", keys)
    expect([code, stderr]).toEqual([2, expect.stringContaining("set AWS_REGION")])
    // A server on this machine is asked as it is.
    expect(await strata(`--auth iam --url ${door.openUrl} topic list`, keys)).toMatchObject({ code: 0 })
  })

  it("refuses other words", async () => {
    expect(await strata("--auth basic topic list")).toMatchObject({ code: 2 })
    expect((await strata("topic list", { STRATALOG_AUTH: "IAM" })).stderr).toContain("iam or none")
  })
})
