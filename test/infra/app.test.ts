/** The app as the CDK's command starts it, with nothing but the repository: no account, no region, no credentials. */
import { execFileSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
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
