/** How a client reaches a deployment: it waits only so long, and what a gateway says by itself tells nothing. */
import { type Answer, httpClient, type RawRequest } from "../../conformance/http.ts"
import { noteServerError, type Phase, phaseOf } from "../phase.ts"
import type { Recorder } from "../recorder.ts"

export interface DeployedRouteOptions {
  readonly url: string
  readonly recorder: Recorder
  /** How long a client waits for an answer, milliseconds. */
  readonly patienceMs: number
}

export function deployedPhase({ url, recorder, patienceMs }: DeployedRouteOptions): Phase {
  let http = httpClient(url)

  /** One client for each, as who gives up a request ends all of its connections. */
  async function exchange(request: RawRequest): Promise<Answer | undefined> {
    const used = http
    const impatience = setTimeout(() => {
      used.close()
      if (http === used) http = httpClient(url)
    }, patienceMs)
    const answer = await used.send(request).catch(() => undefined)
    clearTimeout(impatience)
    if (answer === undefined || isOfGateway(answer)) return undefined
    noteServerError(recorder, request, answer)
    return answer
  }

  return phaseOf(recorder, exchange, () => http.close())
}

/** The function it asked was killed, or took too long. */
function isOfGateway({ status, headers }: Answer): boolean {
  return status >= 500 && headers["content-type"]?.includes("problem+json") !== true
}
