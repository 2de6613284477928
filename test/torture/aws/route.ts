/** How a client reaches a fleet: it stays with a server while that answers, waits only so long, and goes to another. */
import { setTimeout as sleep } from "node:timers/promises"
import { type Answer, type HttpClient, httpClient, type RawRequest } from "../../conformance/http.ts"
import { noteServerError, type Phase, phaseOf } from "../phase.ts"
import type { Random } from "../random.ts"
import type { Recorder } from "../recorder.ts"

export interface RouteOptions {
  readonly urls: () => readonly string[]
  readonly random: Random
  readonly recorder: Recorder
  /** How long a client waits for an answer, milliseconds. */
  readonly patienceMs: number
}

/** Now and then a client goes elsewhere though its server is well. */
const WANDERS = 0.03

/** One for each client, as who gives up a request ends all of its connections to that server. */
export function fleetPhase({ urls, random, recorder, patienceMs }: RouteOptions): Phase {
  let current: { readonly url: string; readonly http: HttpClient } | undefined
  const leave = () => {
    current?.http.close()
    current = undefined
  }

  async function reach(): Promise<HttpClient | undefined> {
    if (current !== undefined && (random.chance(WANDERS) || !urls().includes(current.url))) leave()
    if (current === undefined) {
      const [first, ...others] = urls()
      if (first === undefined) return void (await sleep(20))
      const url = random.pick([first, ...others])
      current = { url, http: httpClient(url) }
    }
    return current.http
  }

  async function exchange(request: RawRequest): Promise<Answer | undefined> {
    const http = await reach()
    if (http === undefined) return undefined
    const impatience = setTimeout(() => http.close(), patienceMs)
    const answer = await http.send(request).catch(() => undefined)
    clearTimeout(impatience)
    if (answer === undefined) leave()
    else noteServerError(recorder, request, answer)
    return answer
  }

  return phaseOf(recorder, exchange, leave)
}
