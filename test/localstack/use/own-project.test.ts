/** What docs/testing.md gives to those who have the packages alone: their own CDK app, deployed by a globalSetup of Vitest. */
import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { Stratalog } from "stratalog"
import { afterAll, beforeAll, expect, it } from "vitest"
import { destroy } from "../../../tools/localstack/cdk.ts"
import { deployment } from "../deployment.ts"
import { run } from "../programs.ts"

const root = fileURLToPath(new URL("../../..", import.meta.url))
const APP = "log-on-localstack.ts"
const SETUP = "global-setup.ts"
/** Here the packages are their sources. */
const env = { NODE_OPTIONS: "--conditions=source", LOCALSTACK_URL: deployment.endpoint, STRATALOG_URL: "" }

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "stratalog-own-project-"))
  await symlink(join(root, "node_modules"), join(folder, "node_modules"))
  const page = await readFile(join(root, "docs/testing.md"), "utf8")
  for (const name of [APP, SETUP]) {
    const [, block = ""] = new RegExp(`\`\`\`ts\n(// ${name}.*?)\`\`\``, "s").exec(page) ?? []
    await writeFile(join(folder, name), block)
  }
})
afterAll(async () => {
  await destroy(deployment.endpoint, "--all", "--app", `node --conditions=source ${join(folder, APP)}`)
  await rm(folder, { recursive: true, force: true })
})

it("the app and the setup of docs/testing.md deploy a log that serves", async () => {
  const script = `import("./${SETUP}").then(({ default: setup }) => { setup(); console.log("url " + process.env.STRATALOG_URL) })`
  const { code, output } = await run(process.execPath, ["--eval", script], env, folder)
  expect(code, output).toBe(0)
  const url = /^url (.*)$/m.exec(output)?.[1]
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/_aws\/execute-api\/\w+\/\w+$/)
  expect(url).not.toBe(deployment.api)
  const log = new Stratalog({ url: String(url) })
  await log.topics.create("orders", { partitions: 1 })
  await log.topic("orders").produce({ key: "o1", value: { quantity: 2 } })
  const written = await log.topic("orders").read().next()
  expect(written.value?.value).toEqual({ quantity: 2 })
})
