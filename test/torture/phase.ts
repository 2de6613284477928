/** What a client has while a server lives: where it is, and whether to go on. */
import { type Answer, type HttpClient, httpClient, type RawRequest } from "../conformance/http.ts"
import type { Recorder } from "./recorder.ts"

export interface Phase {
  readonly recorder: Recorder
  /** No new operations: the server is about to be, or has been, killed. */
  over: boolean
  /** `undefined` where the answer was lost. */
  exchange(request: RawRequest): Promise<Answer | undefined>
  postJson(path: string, body: unknown): Promise<Answer | undefined>
  close(): void
}

export function openPhase(url: string, recorder: Recorder): Phase {
  const client: HttpClient = httpClient(url)
  const exchange = (request: RawRequest) => client.send(request).catch(() => undefined)
  return phaseOf(recorder, exchange, () => client.close())
}

/** One whose requests go by `exchange`. */
export function phaseOf(recorder: Recorder, exchange: Phase["exchange"], close: () => void): Phase {
  return {
    recorder,
    over: false,
    exchange,
    postJson: (path, body) =>
      exchange({ method: "POST", path, headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    close,
  }
}

/** No client may get it, whatever dies. */
export function noteServerError(
  { violations }: Recorder,
  { method, path }: RawRequest,
  { status, text }: Answer,
): void {
  if (status === 500) violations.push(`${method} ${path} -> 500 ${text.slice(0, 1_000)}`)
}

/** A client works in steps, one operation after another; it keeps its state when the server dies. */
export interface Client {
  readonly name: string
  step(phase: Phase): Promise<void>
  /** After the faults: whatever is still open is brought to its end. */
  settle?(phase: Phase): Promise<void>
}

export async function runUntilOver(client: Client, phase: Phase): Promise<void> {
  while (!phase.over) await client.step(phase)
}

/** The outcome of a write: an answer of 503 may leave it open, as a lost answer does. */
export type WriteOutcome =
  | { readonly kind: "ok"; readonly body: unknown }
  | { readonly kind: "refused"; readonly code: string; readonly problem: Readonly<Record<string, unknown>> }
  | { readonly kind: "unknown" }

export function writeOutcome(answer: Answer | undefined): WriteOutcome {
  if (answer === undefined) return { kind: "unknown" }
  const body = JSON.parse(answer.text)
  if (answer.status < 300) return { kind: "ok", body }
  if (body.sideEffects === "unknown") return { kind: "unknown" }
  return { kind: "refused", code: body.code, problem: body }
}
