/** POST /v1/topics/{topic}/records */
import { problem, produceRoutes } from "stratalog/protocol"
import { appendByKey, type PartitionResult } from "../../log/append/append-by-key.ts"
import type { RoutableRecord } from "../../log/append/route-records.ts"
import type { AppendDependencies } from "../../log/dependencies.ts"
import { produceRules } from "../access/rules.ts"
import { type EndpointInput, endpoint } from "../endpoint.ts"
import { problemResponse } from "../exchange.ts"
import { notLocated, produceProblem } from "../problems.ts"
import { formatsOf, readRecords } from "./json-records.ts"
import { manyResults } from "./many-results.ts"
import { isSuccess, success } from "./produce-to-partition.ts"

export function produceToTopic(deps: AppendDependencies) {
  return endpoint(produceRoutes.produceToTopic, produceRules.produceToTopic, async ({ params, body }) => {
    const outcome = await appendByKey(deps, params.topic, recordsOf(body))
    if (outcome.kind === "topic_not_found") return problemResponse(notLocated(outcome))
    if (outcome.kind === "partition_not_found") {
      const { position, partition, partitions } = outcome
      const detail = `records[${position}]: ${notLocated(outcome).detail}`
      return problemResponse(problem("partition_not_found", detail, { partition, partitions }))
    }
    const several = outcome.results.length > 1
    return manyResults(
      "results",
      outcome.results.map((result) => resultOf(result, several)),
    )
  })
}

function recordsOf(body: EndpointInput<typeof produceRoutes.produceToTopic>["body"]): readonly RoutableRecord[] {
  const { records } = body.value
  const exact = typeof body.exact === "object" && body.exact !== null ? Reflect.get(body.exact, "records") : undefined
  return readRecords(records, formatsOf(body.value), exact).map((record, index) => {
    const partition = records[index]?.partition
    return partition === undefined ? record : { ...record, partition }
  })
}

/** Where a request's records went to several partitions, `records` tells which went where. */
function resultOf({ partition, positions, outcome }: PartitionResult, several: boolean) {
  const records = several ? { records: positions } : {}
  return isSuccess(outcome)
    ? { ...success(partition, outcome), ...records }
    : { partition, ...records, error: produceProblem(outcome) }
}
