/** The first calls of docs/deploy.md, as they stand there, against what stands in front of a deployment. */
import { execFile } from "node:child_process"
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { afterAll, beforeAll, expect, it } from "vitest"
import { openSignedDoor, type SignedDoor } from "../fakes/signed-door.ts"

const root = fileURLToPath(new URL("../..", import.meta.url))
const key = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" }
const region = "eu-central-1"

let door: SignedDoor
beforeAll(async () => {
  door = await openSignedDoor(key, region)
})
afterAll(() => door.close())

/** The address is the door's, the keys are these, and `strata` is that of the sources. */
const prelude = (url: string) => `
set -euo pipefail
aws() { echo 'export AWS_ACCESS_KEY_ID=${key.accessKeyId} AWS_SECRET_ACCESS_KEY=${key.secretAccessKey} AWS_SESSION_TOKEN='; }
strata() { '${process.execPath}' --conditions=source '${root}sdk/cli/main.ts' "$@"; }
export AWS_REGION=${region}
door=${url}/
`

it("the first calls do what they say", async () => {
  const section = /## First calls\n(.*?)\n## /s.exec(readFileSync(`${root}docs/deploy.md`, "utf8"))?.[1] ?? ""
  const blocks = [...section.matchAll(/```sh\n(.*?)```/gs)].map((match) => match[1])
  expect(blocks).toHaveLength(2)
  const script = blocks.join("\n").replace(/STRATALOG_URL=https:\S+/, "STRATALOG_URL=$door")
  const { PATH, HOME } = process.env
  const run = await promisify(execFile)("bash", ["-c", prelude(door.url) + script], {
    env: { PATH, HOME },
    timeout: 50_000,
  })
  expect(door.faults().filter((fault) => fault !== undefined)).toEqual([])
  expect(run.stdout).toContain('{"qty":2}')
  expect(run.stdout).toContain('"baseOffset":1')
  expect(run.stdout).toContain('"highWatermark":2')
})
