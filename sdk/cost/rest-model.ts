/** What a deployment that nobody calls costs in a month: its schedules. `npm run cost` counts what their runs ask for. */
import type { Prices } from "./prices.ts"
import { DYNAMODB_MS, LIST_MS, WORK_MS } from "./rates.ts"

export interface Rest {
  /** Of all topics together; each holds records, and none has anything to be moved or removed. */
  readonly partitions: number
  readonly runsAMonth: { readonly upkeep: number; readonly sweep: number }
  /** Of the function that keeps house. */
  readonly memoryMiB: number
}

/** Dollars a month. What lies there is paid beside it. */
export interface RestCost {
  readonly dynamoDb: number
  readonly s3: number
  readonly lambda: number
  readonly total: number
}

/** Requests of a run for each partition. A read that finds nothing is billed as one of 4 KiB. */
export const REST_REQUESTS = {
  upkeep: { reads: 12, lists: 0 },
  sweep: { reads: 28, lists: 2 },
} as const

/** Of a run: the topics and, in a sweep, those that were deleted; the report that it leaves. */
const RUN_READS = 2
const RUN_WRITE_UNITS = 2

export function restCost({ partitions, runsAMonth, memoryMiB }: Rest, prices: Prices): RestCost {
  const costs = (["upkeep", "sweep"] as const).map((kind) => {
    const { reads, lists } = REST_REQUESTS[kind]
    const runs = runsAMonth[kind]
    const milliseconds = WORK_MS + DYNAMODB_MS * (RUN_READS + 1) + partitions * (reads * DYNAMODB_MS + lists * LIST_MS)
    const gbSeconds = (milliseconds / 1000) * (memoryMiB / 1024)
    const { readUnit, writeUnit } = prices.dynamoDb
    return {
      dynamoDb: runs * ((RUN_READS + partitions * reads) * readUnit + RUN_WRITE_UNITS * writeUnit),
      s3: runs * partitions * lists * prices.s3.put,
      lambda: runs * (prices.lambda.request + gbSeconds * prices.lambda.gbSecond),
    }
  })
  const sum = (of: "dynamoDb" | "s3" | "lambda") => costs.reduce((total, cost) => total + cost[of], 0)
  const [dynamoDb, s3, lambda] = [sum("dynamoDb"), sum("s3"), sum("lambda")]
  return { dynamoDb, s3, lambda, total: dynamoDb + s3 + lambda }
}
