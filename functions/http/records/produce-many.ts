/** POST /v1/produce */
import { limits, type ProduceManyBody, produceRoutes } from "stratalog/protocol"
import { appendToPartition, type ProduceRequest } from "../../log/append/append.ts"
import type { AppendDependencies } from "../../log/dependencies.ts"
import { produceRules } from "../access/rules.ts"
import { endpoint } from "../endpoint.ts"
import { partOf } from "../exact-json.ts"
import { invalid } from "../exchange.ts"
import { produceProblem } from "../problems.ts"
import { manyResults } from "./many-results.ts"
import { isSuccess, recordsSource, success } from "./produce-to-partition.ts"
import { decodeBase64 } from "./value-codec.ts"

type Entry = ProduceManyBody["entries"][number]

export function produceMany(deps: AppendDependencies) {
  return endpoint(produceRoutes.produceMany, produceRules.produceMany, async ({ body }) => {
    requireFewRecords(body.value.entries)
    // Every entry is read before any is appended, so that a mistake in one refuses the request as a whole.
    const requests = body.value.entries.map((entry, index) =>
      requestOf(entry, partOf(body.exact, "entries", index), index),
    )
    const results = requests.map(async (request) => {
      const outcome = await appendToPartition(deps, request)
      const at = { topic: request.topic, partition: request.partition }
      return isSuccess(outcome)
        ? { ...at, ...success(request.partition, outcome) }
        : { ...at, error: produceProblem(outcome) }
    })
    return manyResults("results", await Promise.all(results))
  })
}

/** Each entry may hold as many as a request; all of them, too. */
function requireFewRecords(entries: readonly Entry[]): void {
  const records = entries.reduce((sum, entry) => sum + (entry.records?.length ?? 0), 0)
  if (records <= limits.maxRecords) return
  throw invalid([{ path: "entries", message: `must have at most ${limits.maxRecords} records together` }])
}

function requestOf(entry: Entry, exact: unknown, index: number): ProduceRequest {
  const { topic, partition, matchOffset, fencingToken } = entry
  return { topic, partition, matchOffset, fencingToken, source: sourceOf(entry, exact, `entries[${index}]`) }
}

function sourceOf(entry: Entry, exact: unknown, path: string): ProduceRequest["source"] {
  const { records, batch } = entry
  if (records !== undefined && batch === undefined) {
    return recordsSource({ ...entry, records }, exact, `${path}.records`)
  }
  if (records !== undefined || batch === undefined) {
    throw invalid([{ path, message: "needs either records or batch" }])
  }
  if (entry.producer !== undefined) {
    throw invalid([{ path: `${path}.producer`, message: "goes with records; a batch carries its own" }])
  }
  return { kind: "batch", bytes: decodeBase64(batch, `${path}.batch`) }
}
