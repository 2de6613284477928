/** The reference in a browser: where the server is at the root, and where a stage or a proxy puts a path before everything. */
import { mkdtemp, rm } from "node:fs/promises"
import { createServer } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type RunningServer, startServer } from "stratalog-server"
import { startTestServer } from "stratalog-server/testing"
import { afterAll, beforeAll, expect, it } from "vitest"
import { type LoopbackServer, listenOnLoopback } from "../aws/loopback-server.ts"
import { launchChromium } from "./runtimes-on-this-machine.ts"

let directory: string
let server: RunningServer
let proxy: LoopbackServer

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "stratalog-reference-"))
  server = await startServer({ dataDir: join(directory, "data"), port: 0 })
  proxy = await below("/prod/live", server.url)
})

afterAll(async () => {
  await proxy.stop()
  await server.close()
  await rm(directory, { recursive: true, force: true })
})

/** Passes on what is asked below `prefix`, without it, and knows nothing else. */
function below(prefix: string, target: string): Promise<LoopbackServer> {
  const made = createServer(async (request, response) => {
    const { method = "GET", url = "/" } = request
    if (!url.startsWith(`${prefix}/`)) return void response.writeHead(403).end()
    const accept = request.headers.accept ?? "*/*"
    const init = { method, headers: { accept }, redirect: "manual" } as const
    const answer = await fetch(`${target}${url.slice(prefix.length)}`, init)
    const named = ["content-type", "location", "content-security-policy"].flatMap((name) => {
      const value = answer.headers.get(name)
      return value === null ? [] : [[name, value] as const]
    })
    response.writeHead(answer.status, Object.fromEntries(named)).end(await answer.bytes())
  })
  return listenOnLoopback(made)
}

it.for(["/", "/prod/live/"])("shows and tries the API below %s", { timeout: 120_000 }, async (prefix, context) => {
  const browser = await launchChromium(context)
  if (browser === undefined) return
  try {
    const page = await browser.newPage()
    page.setDefaultTimeout(60_000)
    const wrong: string[] = []
    page.on("pageerror", (error) => wrong.push(error.message))
    page.on("response", (response) => void (response.status() >= 400 && wrong.push(response.url())))
    const base = prefix === "/" ? server.url : proxy.endpoint
    await page.goto(`${base}${prefix}`)
    expect(page.url()).toBe(`${base}${prefix}docs`)
    const operation = page.locator("#operations-Service-limits")
    await operation.locator(".opblock-summary-control").click()
    const answer = page.waitForResponse((response) => response.url().includes("/v1/limits"))
    await operation.locator("button.execute").click()
    expect((await answer).url()).toBe(`${base}${prefix}v1/limits`)
    expect(await (await answer).json()).toHaveProperty("maxBatchBytes")
    await page.locator(".info a", { hasText: "docs/errors" }).evaluate((link) => link.removeAttribute("target"))
    await page.locator(".info a", { hasText: "docs/errors" }).click()
    await page.waitForURL(`${base}${prefix}docs/errors`)
    await page.locator("p a", { hasText: "API reference" }).click()
    await page.waitForURL(`${base}${prefix}docs`)
    expect(wrong).toEqual([])
  } finally {
    await browser.close()
  }
})

it("sends the key that is given to it", { timeout: 120_000 }, async (context) => {
  const browser = await launchChromium(context)
  if (browser === undefined) return
  await using locked = await startTestServer({ auth: "required" })
  try {
    const page = await browser.newPage()
    page.setDefaultTimeout(60_000)
    await page.goto(`${locked.url}/docs`)
    await page.locator("button.authorize").first().click()
    await page.locator(".auth-container input").fill(locked.superKey ?? "")
    await page.locator(".auth-container button.authorize").click()
    await page.locator(".auth-container button.btn-done").click()
    const operation = page.locator("#operations-Access-whoami")
    await operation.locator(".opblock-summary-control").click()
    const answer = page.waitForResponse((response) => response.url().endsWith("/v1/whoami"))
    await operation.locator("button.execute").click()
    expect(await (await answer).json()).toMatchObject({ principal: "User:admin", access: "key" })
  } finally {
    await browser.close()
  }
})
