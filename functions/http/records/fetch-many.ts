/** POST /v1/fetch */
import { fetchRoutes } from "stratalog/protocol"
import { fetchRules } from "../access/rules.ts"
import { stillAllowed } from "../access/still-allowed.ts"
import { type EndpointInput, endpoint } from "../endpoint.ts"
import { type ApiResponse, rawJson } from "../exchange.ts"
import { fetchProblem, recordTooLarge } from "../problems.ts"
import { AnswerRoom } from "./answer-room.ts"
import { startOf } from "./fetch-records.ts"
import { fetchedText } from "./fetch-result.ts"
import { formatsOf } from "./json-records.ts"
import { manyResults } from "./many-results.ts"
import { fetchWithWait, type ReadDependencies, waiterOf } from "./wait.ts"

type Body = EndpointInput<typeof fetchRoutes.fetchMany>["body"]["value"]

export function fetchMany(deps: ReadDependencies) {
  return endpoint(fetchRoutes.fetchMany, fetchRules.fetchMany, async (input, request, caller) => {
    const { body } = input
    const { limits } = deps
    const wanted = {
      partitions: body.value.partitions.map(({ topic, partition, ...start }) => ({
        topic,
        partition,
        start: startOf(start),
      })),
      maxBytes: Math.min(body.value.maxBytes ?? limits.defaultFetchBytes, limits.maxFetchBytes),
      maxRecords: body.value.limit ?? limits.defaultFetchRecords,
      minBytes: body.value.minBytes ?? 1,
    }
    const { wait = 0 } = body.value
    const results = await fetchWithWait(deps, wanted, wait, waiterOf(caller, request))
    if (wait > 0) await stillAllowed(deps.gate, request, fetchRules.fetchMany, input)
    return answer(deps, body.value, results, wanted.maxRecords)
  })
}

async function answer(
  deps: ReadDependencies,
  body: Body,
  results: Awaited<ReturnType<typeof fetchWithWait>>,
  limit: number,
): Promise<ApiResponse> {
  const formats = formatsOf(body)
  const texts: string[] = []
  const problems: object[] = []
  const room = new AnswerRoom(deps.limits, results.length)
  let left = limit
  for (const [index, result] of results.entries()) {
    const at = { topic: body.partitions[index]?.topic, partition: body.partitions[index]?.partition }
    const fetched = result.kind === "fetched" ? await fetchedText(result, left, formats, room, deps) : result
    if (fetched.kind !== "text") {
      const error = fetched.kind === "record_too_large" ? recordTooLarge(fetched) : fetchProblem(fetched)
      problems.push({ ...at, error })
      texts.push(JSON.stringify({ ...at, error }))
      continue
    }
    left -= fetched.records
    texts.push(`{"topic":${JSON.stringify(at.topic)},"partition":${at.partition},${fetched.text}}`)
  }
  if (problems.length === results.length) return manyResults("partitions", problems)
  return rawJson(problems.length === 0 ? 200 : 207, `{"partitions":[${texts.join(",")}]}`)
}
