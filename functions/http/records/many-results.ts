/** The answer of a call for many partitions: 200 where all succeeded, 207 where some failed. */
import { type Problem, problem } from "stratalog/protocol"
import { type ApiResponse, json, problemResponse } from "../exchange.ts"

type Result = object & { readonly error?: Problem }

/** Where everything failed for one and the same reason, that is the answer's own error, with the results beside it. */
export function manyResults(name: "results" | "partitions", results: readonly Result[]): ApiResponse {
  const errors = results.flatMap(({ error }) => (error === undefined ? [] : [error]))
  const [first] = errors
  if (first === undefined) return json(200, { [name]: results })
  if (errors.length < results.length || errors.some(({ code }) => code !== first.code)) {
    return json(207, { [name]: results })
  }
  if (errors.length === 1) return problemResponse(first)
  return problemResponse(
    problem(first.code, `All ${errors.length} failed. The first: ${first.detail}`, { [name]: results }),
  )
}
