/** GET /v1/topics/{topic}/partitions/{partition}/records */
import { BATCH_TYPE, EVENT_STREAM_TYPE, type FetchQuery, fetchRoutes, JSON_TYPE, type Limits } from "stratalog/protocol"
import type { Caller } from "../../access/caller.ts"
import type { FetchStart } from "../../log/fetch/start.ts"
import { acceptable } from "../accept.ts"
import { fetchRules } from "../access/rules.ts"
import { stillAllowed } from "../access/still-allowed.ts"
import { type EndpointInput, endpoint } from "../endpoint.ts"
import { type ApiRequest, type ApiResponse, invalid, problemResponse, Refusal, rawJson } from "../exchange.ts"
import { fetchProblem, recordTooLarge } from "../problems.ts"
import { AnswerRoom } from "./answer-room.ts"
import { streamRecords } from "./event-stream.ts"
import { endOfBatches, type FetchedBatches, fetchedText } from "./fetch-result.ts"
import { formatsOf } from "./json-records.ts"
import { fetchWithWait, type ReadDependencies, waiterOf } from "./wait.ts"

type Input = EndpointInput<typeof fetchRoutes.fetchRecords>

export function fetchRecords(deps: ReadDependencies) {
  return endpoint(fetchRoutes.fetchRecords, fetchRules.fetchRecords, async (input, request, caller) => {
    const type = answerType(deps.limits, request.header("accept"))
    if (type === EVENT_STREAM_TYPE) return streamRecords(deps, input, request, caller)
    return fetchOnce(deps, input, request, caller, type === BATCH_TYPE)
  })
}

function answerType({ eventStream }: Limits, accept: string | undefined) {
  if (eventStream) return acceptable(accept, [JSON_TYPE, BATCH_TYPE, EVENT_STREAM_TYPE])
  if (accept?.trim() === EVENT_STREAM_TYPE) throw new Refusal("not_acceptable", NO_EVENT_STREAM)
  return acceptable(accept, [JSON_TYPE, BATCH_TYPE])
}

const NO_EVENT_STREAM =
  "This deployment sends each answer whole, so it has no server-sent events: fetch with wait=10s, and again from nextOffset on."

async function fetchOnce(
  deps: ReadDependencies,
  input: Input,
  request: ApiRequest,
  caller: Caller,
  binary: boolean,
): Promise<ApiResponse> {
  const { params, query } = input
  const limit = query.limit ?? deps.limits.defaultFetchRecords
  const wanted = {
    partitions: [{ ...params, start: startOf(query) }],
    maxBytes: Math.min(query.maxBytes ?? deps.limits.defaultFetchBytes, deps.limits.maxFetchBytes),
    maxRecords: binary && query.limit === undefined ? undefined : limit,
    minBytes: query.minBytes ?? 1,
  }
  const wait = query.wait ?? 0
  const [result] = await fetchWithWait(deps, wanted, wait, waiterOf(caller, request))
  if (wait > 0) await stillAllowed(deps.gate, request, fetchRules.fetchRecords, input)
  if (result === undefined) throw new Error("a fetch of one partition gave no result")
  if (result.kind !== "fetched") return problemResponse(fetchProblem(result))
  return binary ? batches(result, request) : await records(deps, result, limit, input, request)
}

/** Where the request wants to begin. One way to say it at most. */
export function startOf(query: Pick<FetchQuery, "offset" | "timestamp" | "tail">): FetchStart {
  const { offset, timestamp, tail } = query
  const given = Object.entries({ offset, timestamp, tail }).filter(([, value]) => value !== undefined)
  if (given.length > 1) {
    const message = `and ${given[0]?.[0]} both say where to begin; give one of offset, timestamp and tail`
    throw invalid([{ path: given[1]?.[0] ?? "", message }])
  }
  if (timestamp !== undefined) return { kind: "timestamp", timestamp }
  if (tail !== undefined) return { kind: "tail", records: tail }
  if (offset === undefined || offset === "earliest") return { kind: "earliest" }
  return offset === "latest" ? { kind: "latest" } : { kind: "offset", offset }
}

async function records(
  deps: ReadDependencies,
  result: FetchedBatches,
  limit: number,
  { query }: Input,
  request: ApiRequest,
): Promise<ApiResponse> {
  const formats = formatsOf(query)
  const fetched = await fetchedText(result, limit, formats, new AnswerRoom(deps.limits, 1), deps)
  if (fetched.kind !== "text") return problemResponse(recordTooLarge(fetched))
  const headers = describe(result, fetched.nextOffset, `${formats.key}-${formats.value}`)
  if (isSame(request, headers.etag)) return { status: 304, headers }
  return rawJson(200, `{${fetched.text}}`, headers)
}

function batches(result: FetchedBatches, request: ApiRequest): ApiResponse {
  const headers = describe(result, endOfBatches(result), "batch")
  if (isSame(request, headers.etag)) return { status: 304, headers }
  return {
    status: 200,
    headers: { ...headers, "content-type": BATCH_TYPE },
    body: result.batches.map((batch) => batch.bytes),
  }
}

/**
 * An offset of a topic's life never changes its value, so the range and the watermarks name the answer. A cache has to ask each time
 * (`no-cache`), since retention may remove the records.
 */
function describe({ partition, offset, watermarks }: FetchedBatches, nextOffset: number, form: string) {
  const { highWatermark, logStartOffset } = watermarks
  return {
    etag: `"${partition.topicId}-${partition.partition}-${offset}-${nextOffset}-${highWatermark}-${logStartOffset}-${form}"`,
    "cache-control": "private, no-cache",
    vary: "accept",
    "stratalog-next-offset": `${nextOffset}`,
    "stratalog-high-watermark": `${highWatermark}`,
    "stratalog-log-start-offset": `${logStartOffset}`,
  }
}

function isSame(request: ApiRequest, etag: string): boolean {
  const asked = request.header("if-none-match")
  return asked?.split(",").some((one) => one.trim().replace(/^W\//, "") === etag) ?? false
}
