/** What the rules and the dashboard ask for is what a server tells; by its page of metrics, and by a Prometheus that scrapes it. */
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { setTimeout as sleep } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { firstOf, skipOutsideCi } from "../e2e/runtimes-on-this-machine.ts"
import { filledIn, graphs } from "./dashboard-file.ts"
import { familyOf, ofAwsAlone } from "./known-metrics.ts"
import { parsePromql } from "./promql.ts"
import { alerts, recordings, rulesFile } from "./rules-file.ts"
import { type ScrapedServer, startBusyServer } from "./scraped-server.ts"

const LIMIT_MS = 240_000

let server: ScrapedServer
beforeAll(async () => {
  server = await startBusyServer()
}, LIMIT_MS)
afterAll(() => server?.[Symbol.asyncDispose]())

const asked = [
  ...Object.values(recordings),
  ...alerts.map(({ expr }) => expr),
  ...graphs.flatMap(({ targets }) => targets.map(({ expr }) => filledIn(expr))),
]

describe("an embedded server", () => {
  it("tells all that the rules and the dashboard ask for, but what DynamoDB and S3 alone have", async () => {
    const families = asked
      .flatMap((expr) => parsePromql(expr).selectors.map(({ metric }) => familyOf(metric)))
      .filter((name) => name !== "up" && !name.includes(":") && !ofAwsAlone.includes(name))
    const page = await (await server.metrics(server.scrapeKey)).text()
    const untold = [...new Set(families)].filter((name) => !page.includes(`# TYPE ${name} `))
    expect(untold).toEqual([])
  })

  it("tells them to nobody without a key, and to who may describe the cluster", async () => {
    expect((await server.metrics()).status).toBe(401)
    expect((await server.metrics(server.scrapeKey)).status).toBe(200)
  })
})

describe("a Prometheus", () => {
  it("scrapes it by the example, with the key in a file, takes the rules and answers each panel", {
    timeout: LIMIT_MS,
  }, async (context) => {
    const command = await firstOf(["prometheus"])
    if (command === undefined) return skipOutsideCi(context, "no prometheus; to have it: apt-get install prometheus")
    await using prometheus = await startPrometheus(command, server)
    await prometheus.scraped()
    const unhealthy = async () => {
      const { groups } = Object(await prometheus.ask("/api/v1/rules"))
      return [groups].flat().flatMap(({ rules }) => rules.filter((rule: { health: string }) => rule.health !== "ok"))
    }
    // Each is looked at in its turn, and what is recorded is there after that.
    await expect.poll(unhealthy).toEqual([])
    for (const { title, targets } of graphs) {
      for (const { expr } of targets) {
        const query = filledIn(expr, ".*")
        const answers = async () => {
          const { result } = Object(await prometheus.ask(`/api/v1/query?query=${encodeURIComponent(query)}`))
          return result.length > 0
        }
        const isOfAws = parsePromql(query).selectors.some(({ metric }) => ofAwsAlone.includes(familyOf(metric)))
        await expect.poll(answers, { message: `${title}: ${query}` }).toBe(!isOfAws)
      }
    }
  })
})

interface RunningPrometheus extends AsyncDisposable {
  /** The data of its answer. */
  ask(path: string): Promise<unknown>
  /** Until there are rates: a few scrapes. */
  scraped(): Promise<void>
}

/** With the files of the repository, but for the target, the key and the pace. */
async function startPrometheus(command: string, { url, scrapeKey }: ScrapedServer): Promise<RunningPrometheus> {
  const folder = await mkdtemp(join(tmpdir(), "stratalog-prometheus-"))
  const example = await readFile(new URL("prometheus.yml", rulesFile), "utf8")
  const config = example
    .replace("127.0.0.1:8080", new URL(url).host)
    .replaceAll("15s", "1s")
    .replace(/# (authorization:\n.*)# (.*credentials_file: ).*/, `$1$2${folder}/key`)
    .replace("- stratalog.rules.yml", `- ${fileURLToPath(rulesFile)}`)
  await writeFile(join(folder, "prometheus.yml"), config)
  await writeFile(join(folder, "key"), `${scrapeKey}\n`, { mode: 0o600 })
  const flags = [`--config.file=${folder}/prometheus.yml`, `--storage.tsdb.path=${folder}/data`]
  const process = spawn(command, [...flags, "--web.listen-address=127.0.0.1:0"], {
    stdio: ["ignore", "ignore", "pipe"],
  })
  const address = await addressOf(process)
  const ask = async (path: string) => Object(await (await fetch(`http://${address}${path}`)).json()).data
  const count = async (query: string) =>
    Number(Object(await ask(`/api/v1/query?query=${encodeURIComponent(query)}`)).result?.[0]?.value[1] ?? 0)
  return {
    ask,
    scraped: async () => {
      while (
        !(await count("count_over_time(up[5m])").then(
          (times) => times > 3,
          () => false,
        ))
      ) {
        if (process.exitCode !== null) throw new Error(`prometheus ended with ${process.exitCode}`)
        await sleep(100)
      }
    },
    [Symbol.asyncDispose]: async () => {
      await end(process)
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** It says where the port is of its own choice. */
async function addressOf({ stderr }: ChildProcess): Promise<string> {
  if (stderr === null) throw new Error("its log is piped")
  for await (const line of createInterface({ input: stderr })) {
    const [, address] = /msg="Listening on" address=(\S+)/.exec(line) ?? []
    if (address === undefined) continue
    stderr.resume()
    return address
  }
  throw new Error("prometheus did not come up")
}

async function end(process: ChildProcess): Promise<void> {
  if (process.exitCode !== null) return
  process.kill("SIGKILL")
  await once(process, "exit")
}
