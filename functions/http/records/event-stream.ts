/** A partition's records as server-sent events, for browsers and for whoever wants to follow with curl alone. */
import { EVENT_STREAM_TYPE, type fetchRoutes, type Problem, problem } from "stratalog/protocol"
import type { Caller } from "../../access/caller.ts"
import { resolveStart } from "../../log/fetch/start.ts"
import { locate } from "../../log/locate.ts"
import { fetchRules } from "../access/rules.ts"
import { stillAllowed } from "../access/still-allowed.ts"
import type { EndpointInput } from "../endpoint.ts"
import { type ApiRequest, type ApiResponse, invalid, problemResponse, Refusal } from "../exchange.ts"
import { fetchProblem, notLocated, recordTooLarge, thrownProblem } from "../problems.ts"
import { AnswerRoom } from "./answer-room.ts"
import { startOf } from "./fetch-records.ts"
import { fetchedText } from "./fetch-result.ts"
import { formatsOf } from "./json-records.ts"
import type { Waiter } from "./patience.ts"
import { fetchWithWait, type ReadDependencies, waiterOf } from "./wait.ts"

type Input = EndpointInput<typeof fetchRoutes.fetchRecords>

/** A comment goes out after so long without records, so that proxies keep the connection and a dead one is noticed. */
const HEARTBEAT_MS = 15_000

/**
 * Each event `records` holds what a fetch would answer and, as its id, the offset behind it: a browser that reconnects
 * sends it back as Last-Event-ID and misses nothing. An event `error` holds a problem and ends the stream.
 */
export async function streamRecords(
  deps: ReadDependencies,
  input: Input,
  request: ApiRequest,
  caller: Caller,
): Promise<ApiResponse> {
  const location = await locate(deps.topics, input.params.topic, input.params.partition)
  if (location.kind !== "located") return problemResponse(notLocated(location))
  const start = await resolveStart(deps, location.partition, lastEventId(request) ?? startOf(input.query))
  if (start.kind === "unknown_partition") {
    return problemResponse(notLocated({ kind: "topic_not_found", topic: input.params.topic }))
  }
  if (start.kind !== "start") return problemResponse(fetchProblem(start))
  return {
    status: 200,
    headers: { "content-type": EVENT_STREAM_TYPE, "cache-control": "no-store", "x-accel-buffering": "no" },
    body: events(deps, input, start.offset, followerOf(deps, input, request, caller)),
  }
}

function lastEventId(request: ApiRequest) {
  const id = request.header("last-event-id")
  if (id === undefined || id === "") return undefined
  if (!/^\d{1,16}$/.test(id))
    throw invalid([{ path: "Last-Event-ID", message: "is not the id of an event of this stream" }])
  return { kind: "offset", offset: Number(id) } as const
}

/** Who follows a stream: it may go on for days, in which keys are revoked and permissions taken back. */
interface Follower {
  readonly caller: Caller
  /** Throws a `Refusal` once the caller may not read any more. */
  requireStillAllowed(): Promise<unknown>
}

function followerOf({ gate }: ReadDependencies, input: Input, request: ApiRequest, caller: Caller): Follower {
  return {
    caller,
    requireStillAllowed: () => stillAllowed(gate, request, fetchRules.fetchRecords, input),
  }
}

/** Pulled by the connection, so that a slow reader is never ahead of what it takes. */
function events(deps: ReadDependencies, input: Input, from: number, follower: Follower): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  const gone = new AbortController()
  const waiter = waiterOf(follower.caller, { signal: () => gone.signal })
  let offset = from
  let greeted = false
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (!greeted) {
          // Headers go out with the first bytes: the reader learns at once that it is connected.
          greeted = true
          controller.enqueue(encoder.encode(": connected\n\n"))
          return
        }
        const next = await nextEvent(deps, input, offset, waiter, follower)
        controller.enqueue(encoder.encode(next.text))
        if (next.kind === "end") controller.close()
        else offset = next.offset
      },
      cancel() {
        gone.abort()
      },
    },
    { highWaterMark: 0 },
  )
}

type NextEvent =
  | { readonly kind: "event"; readonly text: string; readonly offset: number }
  | { readonly kind: "end"; readonly text: string }

async function nextEvent(
  deps: ReadDependencies,
  input: Input,
  offset: number,
  waiter: Waiter,
  follower: Follower,
): Promise<NextEvent> {
  const { params, query } = input
  const limit = query.limit ?? deps.limits.defaultFetchRecords
  const wanted = {
    partitions: [{ ...params, start: { kind: "offset", offset } as const }],
    maxBytes: Math.min(query.maxBytes ?? deps.limits.defaultFetchBytes, deps.limits.maxFetchBytes),
    maxRecords: limit,
    minBytes: 1,
  }
  try {
    const [result] = await fetchWithWait(deps, wanted, HEARTBEAT_MS, waiter)
    await follower.requireStillAllowed()
    if (result === undefined) throw new Error("a fetch of one partition gave no result")
    if (result.kind !== "fetched") return failure(fetchProblem(result))
    const fetched = await fetchedText(result, limit, formatsOf(query), new AnswerRoom(deps.limits, 1), deps)
    if (fetched.kind !== "text") return failure(recordTooLarge(fetched))
    if (fetched.records === 0 && deps.waiting.stopped) return { kind: "end", text: ": the server stops\n\n" }
    if (fetched.records === 0) return { kind: "event", text: ": waiting\n\n", offset: fetched.nextOffset }
    const data = fetched.text.replace(/[\r\n]+/g, " ")
    return {
      kind: "event",
      text: `id: ${fetched.nextOffset}\nevent: records\ndata: {${data}}\n\n`,
      offset: fetched.nextOffset,
    }
  } catch (error) {
    if (error instanceof Refusal) return failure(problem(error.code, error.message))
    const known = thrownProblem(error)
    if (known !== undefined) return failure(known)
    return failure(problem("internal_error", "The stream broke; connect again with the last event's id."))
  }
}

function failure(value: Problem): NextEvent {
  return { kind: "end", text: `event: error\ndata: ${JSON.stringify(value)}\n\n` }
}
