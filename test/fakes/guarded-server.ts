/** A server on this machine that wants API keys: the real endpoints, gate and rules, over stores in memory and SQLite. */
import { createServer } from "node:http"
import { makeFirstKey } from "../../functions/access/first-key.ts"
import { hasHash } from "../../functions/codecs/key-secret.ts"
import { keyGate } from "../../functions/http/access/key-gate.ts"
import { listenOnLoopback } from "../aws/loopback-server.ts"
import { accessControl } from "./access-control.ts"
import { openHttpApi } from "./http-api.ts"

export interface GuardedServer {
  readonly url: string
  /** Of a super-user. */
  readonly superKey: string
  /** Sets the clock that keys expire by, epoch milliseconds. */
  setTime(now: number): void
  close(): Promise<void>
}

export async function openGuardedServer(now: number): Promise<GuardedServer> {
  let time = now
  const clock = { now: () => time }
  const access = accessControl()
  const { store, secrets, superUsers } = access
  const gate = keyGate({ keys: store, bindings: store, hasHash, clock, superUsers }, () => undefined)
  const api = openHttpApi({ access, clock }, {}, {}, gate)
  const made = await makeFirstKey({ keys: store, ...secrets, clock }, { principal: "User:root" })
  if (made.kind !== "created") throw new Error(`no first key: ${made.kind}`)
  const server = createServer(async (request, response) => {
    const { method = "GET", url = "/" } = request
    const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)] as [string, string])
    const body = method === "GET" ? null : Buffer.concat(await request.toArray())
    const answer = await api.send(method, url, { headers: Object.fromEntries(headers), body })
    response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(Buffer.from(await answer.arrayBuffer()))
  })
  const { endpoint, stop } = await listenOnLoopback(server)
  return {
    url: endpoint,
    superKey: made.key,
    setTime: (moment) => {
      time = moment
    },
    close: async () => {
      await stop()
      api.dispose()
    },
  }
}
