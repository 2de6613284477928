/** POST /v1/topics/{topic}/partitions/{partition}/records */
import { type Produced, type ProduceToPartitionBody, produceRoutes } from "stratalog/protocol"
import { appendToPartition, type ProduceOutcome, type ProduceRequest } from "../../log/append/append.ts"
import type { AppendDependencies } from "../../log/dependencies.ts"
import { produceRules } from "../access/rules.ts"
import { type EndpointInput, endpoint } from "../endpoint.ts"
import { invalid, json, problemResponse, rawJson } from "../exchange.ts"
import { produceProblem } from "../problems.ts"
import { formatsOf, readRecords } from "./json-records.ts"

export function produceToPartition(deps: AppendDependencies) {
  return endpoint(produceRoutes.produceToPartition, produceRules.produceToPartition, async (input) => {
    const outcome = await appendToPartition(deps, requestOf(input))
    if (!isSuccess(outcome)) return problemResponse(produceProblem(outcome))
    return outcome.kind === "duplicate"
      ? json(200, success(input.params.partition, outcome))
      : // Written by hand: this is the answer that is given most often.
        rawJson(
          200,
          `{"partition":${input.params.partition},"baseOffset":${outcome.baseOffset},"count":${outcome.count},"timestamp":${outcome.timestamp}}`,
        )
  })
}

function requestOf({ params, query, body }: EndpointInput<typeof produceRoutes.produceToPartition>): ProduceRequest {
  if (body.kind === "batch") return { ...params, ...query, source: { kind: "batch", bytes: body.bytes } }
  const [named] = Object.keys(query)
  if (named !== undefined) {
    throw invalid([{ path: named, message: "stands in the query for a binary batch only; put it into the JSON body" }])
  }
  const { matchOffset, fencingToken } = body.value
  return { ...params, source: recordsSource(body.value, body.exact, "records"), matchOffset, fencingToken }
}

/** The JSON records of a body or of an entry; `exact` as in `ParsedJson`, for that part. */
export function recordsSource(
  body: Pick<ProduceToPartitionBody, "keyFormat" | "valueFormat" | "records" | "producer">,
  exact: unknown,
  path: string,
): ProduceRequest["source"] {
  const exactRecords = typeof exact === "object" && exact !== null ? Reflect.get(exact, "records") : undefined
  const records = readRecords(body.records, formatsOf(body), exactRecords, path)
  return { kind: "records", records, ...(body.producer && { producer: body.producer }) }
}

export type ProduceSuccess = Extract<ProduceOutcome, { kind: "appended" | "duplicate" }>

export function isSuccess(outcome: ProduceOutcome): outcome is ProduceSuccess {
  return outcome.kind === "appended" || outcome.kind === "duplicate"
}

export function success(partition: number, outcome: ProduceSuccess): Produced {
  const { baseOffset, count, timestamp } = outcome
  return {
    partition,
    ...(baseOffset !== undefined && { baseOffset }),
    count,
    timestamp,
    ...(outcome.kind === "duplicate" && { duplicate: true as const }),
  }
}
