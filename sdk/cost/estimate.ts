/** What a workload costs on Stratalog in a month: by the same arithmetic that decides where batches lie. */
import { type AppendModel, modelAppend } from "./append-model.ts"
import type { PlacementKind } from "./placement.ts"
import type { Prices } from "./prices.ts"
import { type Rates, ratesOf, secondsPerSegment } from "./rates.ts"
import { GB, MONTH_SECONDS, monthlyBytes, retainedGb, type Workload } from "./workload.ts"

export interface CostLine {
  readonly what: string
  /** In a month. */
  readonly quantity: number
  readonly unit: string
  readonly dollars: number
}

export interface Estimate {
  /** Where the batches of a request lie. */
  readonly placement: PlacementKind
  readonly lines: readonly CostLine[]
  readonly dollars: number
  /** By the bytes of keys and values. */
  readonly dollarsPerGb: number
  /** So many that none has to commit more than a head takes. */
  readonly partitionsNeeded: number
}

/** One item takes about so many write units a second, however much the table takes. */
const HEAD_UNITS_PER_SECOND = 1000
/** No page becomes a segment before. */
const YOUNGEST_SECONDS = 900

export function estimate(workload: Workload, prices: Prices): Estimate {
  const append = modelAppend(workload, prices)
  const lines = linesOf(workload, append, ratesOf(workload, append), prices)
  const dollars = lines.reduce((total, line) => total + line.dollars, 0)
  const gigabytes = monthlyBytes(workload) / GB
  return {
    placement: append.kind,
    lines,
    dollars,
    dollarsPerGb: gigabytes === 0 ? 0 : dollars / gigabytes,
    partitionsNeeded: Math.max(1, Math.ceil((append.perSecond * append.tailUnits) / HEAD_UNITS_PER_SECOND)),
  }
}

function linesOf(workload: Workload, append: AppendModel, rates: Rates, prices: Prices): readonly CostLine[] {
  const { dynamoDb, s3, lambda, httpApi } = prices
  const bytesPerSecond = append.perSecond * append.bytes
  const recentSeconds = YOUNGEST_SECONDS + secondsPerSegment(workload, append) / 2
  const recentGb = (bytesPerSecond * recentSeconds) / GB
  const inAMonth = (what: string, perSecond: number, unit: string, price: number) =>
    costLine(what, perSecond * MONTH_SECONDS, unit, price)
  return [
    inAMonth("HTTP API", rates.httpApiRequests, "requests", httpApi.request),
    inAMonth("Lambda calls", rates.functionCalls, "requests", lambda.request),
    inAMonth("Lambda time", (rates.functionMs / 1000) * (workload.memoryMiB / 1024), "GB-s", lambda.gbSecond),
    inAMonth("DynamoDB writes", rates.writeUnits, "units", dynamoDb.writeUnit),
    inAMonth("DynamoDB reads", rates.readUnits, "units", dynamoDb.readUnit),
    inAMonth("S3 puts", rates.puts, "requests", s3.put),
    inAMonth("S3 gets", rates.gets, "requests", s3.get),
    costLine("DynamoDB storage", recentGb, "GB", dynamoDb.gbMonth),
    costLine("S3 storage", retainedGb(workload, bytesPerSecond), "GB", s3.gbMonth),
  ]
}

function costLine(what: string, quantity: number, unit: string, price: number): CostLine {
  return { what, quantity, unit, dollars: quantity * price }
}
