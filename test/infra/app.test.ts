/** The app as the CDK's command starts it, with nothing but the repository: no account, no region, no credentials. */
import { execFileSync, spawnSync } from "node:child_process"
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, expect, it } from "vitest"

/** It bundles every function. */
const LIMIT_MS = 240_000

const root = fileURLToPath(new URL("../..", import.meta.url))
const folder = mkdtempSync(join(tmpdir(), "stratalog-app-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it("makes two stacks for any account, the second upon the first", { timeout: LIMIT_MS }, () => {
  const { app, context } = JSON.parse(readFileSync(join(root, "cdk.json"), "utf8"))
  const [command, ...args] = String(app).split(" ")
  expect(command).toBe("node")
  const { PATH } = process.env
  const env = { PATH, HOME: folder, CDK_OUTDIR: folder, CDK_CONTEXT_JSON: JSON.stringify(context) }
  execFileSync(process.execPath, args, { cwd: root, env, stdio: "pipe" })
  const { artifacts } = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8"))
  for (const name of ["StratalogStorage", "Stratalog"]) {
    expect(artifacts[name].environment).toBe("aws://unknown-account/unknown-region")
  }
  expect(artifacts.Stratalog.dependencies).toContain("StratalogStorage")
})

it.each(["auth=maybe", "frontdoor=x", "objectHistory=99", "throttleRate=5", "logRetention=8"])(
  "says in a sentence that %s cannot be, and makes nothing",
  { timeout: LIMIT_MS },
  (choice) => {
    const out = mkdtempSync(join(folder, "refused-"))
    const [name = "", value] = choice.split("=")
    const context = JSON.stringify({ "aws:cdk:bundling-stacks": [], [name]: value })
    const env = { PATH: process.env["PATH"], HOME: folder, CDK_OUTDIR: out, CDK_CONTEXT_JSON: context }
    const refused = spawnSync(process.execPath, ["--conditions=source", "infra/app.ts"], { cwd: root, env })
    expect(refused.status).toBe(1)
    expect(String(refused.stderr)).toContain(name)
    expect(String(refused.stderr)).not.toMatch(/\n +at /)
    expect(readdirSync(out)).toEqual([])
  },
)
