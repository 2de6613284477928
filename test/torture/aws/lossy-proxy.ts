/**
 * A proxy between the servers and a storage: it loses requests and answers, and lets requests land after their sender gave
 * up, below everything that the servers' clients do about it.
 */
import { once } from "node:events"
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http"
import { buffer } from "node:stream/consumers"
import { setTimeout as sleep } from "node:timers/promises"
import { listenOnLoopback } from "../../aws/loopback-server.ts"
import type { Random } from "../random.ts"

export const networkFaults = ["lost-answer", "lost-request", "late-request"] as const
export type NetworkFault = (typeof networkFaults)[number]

export interface LossyProxy {
  readonly endpoint: string
  /** How many of the requests meet a fault, from 0 to 1. */
  rate: number
  /** Resolves when nothing that came late is still on its way. */
  landed(): Promise<void>
  stop(): Promise<void>
}

export interface LossyProxyOptions {
  readonly target: string
  readonly random: Random
  readonly struck: (fault: NetworkFault) => void
}

/** Longer than the clients' connection of DynamoDB waits for an answer, milliseconds. */
const LATE_MS = 3_500

export async function startLossyProxy({ target, random, struck }: LossyProxyOptions): Promise<LossyProxy> {
  const late = new Set<Promise<unknown>>()
  let rate = 0
  const server = createServer((incoming, response) => {
    void pass(incoming, response).catch(() => response.destroy())
  })

  async function pass(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(incoming)
    const fault = random.chance(rate) ? random.pick(networkFaults) : undefined
    if (fault === undefined) return answer(response, await forward(target, incoming, body))
    struck(fault)
    if (fault === "lost-answer") await forward(target, incoming, body)
    if (fault === "late-request") {
      const landing = sleep(LATE_MS).then(() => forward(target, incoming, body))
      late.add(landing)
      void landing.catch(() => undefined).finally(() => late.delete(landing))
    }
    response.destroy()
  }

  const listening = await listenOnLoopback(server)
  return {
    endpoint: listening.endpoint,
    get rate() {
      return rate
    },
    set rate(next) {
      rate = next
    },
    landed: async () => void (await Promise.allSettled(late)),
    stop: listening.stop,
  }
}

interface Forwarded {
  readonly status: number
  readonly headers: IncomingMessage["headers"]
  readonly body: Buffer
}

async function forward(target: string, { method, url, headers }: IncomingMessage, body: Buffer): Promise<Forwarded> {
  const outgoing = request(new URL(url ?? "/", target), { method: method ?? "GET", headers })
  outgoing.end(body)
  const [answered]: readonly IncomingMessage[] = await once(outgoing, "response")
  if (answered === undefined) throw new Error("no answer")
  return { status: answered.statusCode ?? 500, headers: answered.headers, body: await buffer(answered) }
}

function answer(response: ServerResponse, { status, headers, body }: Forwarded): void {
  const { "transfer-encoding": _, connection: __, ...rest } = headers
  response.writeHead(status, { ...rest, "content-length": body.length })
  response.end(body)
}
