/** A server that has done a little of everything, so that it tells what it tells of each. */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { startServer } from "../../functions/server/serve-embedded.ts"

export interface ScrapedServer extends AsyncDisposable {
  readonly url: string
  /** Of somebody who may describe the cluster and nothing else. */
  readonly scrapeKey: string
  /** The page of metrics, by this key or by none. */
  metrics(key?: string): Promise<Response>
}

/** It asks for keys. */
export async function startBusyServer(): Promise<ScrapedServer> {
  const dataDir = await mkdtemp(join(tmpdir(), "stratalog-scraped-"))
  const server = await startServer({ dataDir, port: 0, upkeepIntervalMs: 20, auth: "required", report: () => {} })
  const ask = (key: string | undefined, method: string, path: string, body?: unknown) =>
    fetch(`${server.url}${path}`, {
      method,
      headers: {
        ...(key !== undefined && { authorization: `Bearer ${key}` }),
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
  const send = (method: string, path: string, body?: unknown) => ask(server.firstKey, method, path, body)
  const metrics = (key?: string) => ask(key, "GET", "/metrics")
  const principal = "User:prometheus"
  await send("POST", "/v1/acls", { acls: [{ principal, operation: "describe", resourceType: "cluster" }] })
  const { key } = Object(await (await send("POST", "/v1/keys", { principal })).json())
  await send("PUT", "/v1/topics/orders", { partitions: 1 })
  await send("POST", "/v1/topics/orders/partitions/0/records", { records: [{ value: 1 }, { value: 2 }] })
  await send("POST", "/v1/topics/orders/partitions/0/records", { records: [{ value: 3 }], matchOffset: 9 })
  await send("GET", "/v1/topics/orders/partitions/0/records?offset=0")
  await send("GET", "/v1/topics/nowhere")
  await send("POST", "/v1/groups/billing/offsets", { offsets: [{ topic: "orders", partition: 0, offset: 1 }] })
  const swept = 'stratalog_upkeep_last_timestamp_seconds{kind="sweep"}'
  while (!(await (await metrics(key)).text()).includes(swept)) await sleep(20)
  return {
    url: server.url,
    scrapeKey: key,
    metrics,
    [Symbol.asyncDispose]: async () => {
      await server.close()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
