/** What was asked of AWS, and what that costs by the price table. */
import type { Prices } from "stratalog/cost"

export interface Usage {
  /** Attempts by operation: UpdateItem, PutObject and so on. */
  readonly requests: ReadonlyMap<string, number>
  readonly writeUnits: number
  readonly readUnits: number
  /** Conditions that failed: their units are among the write units. */
  readonly refused: number
  readonly throttled: number
  /** Of objects. */
  readonly bytesPut: number
  readonly bytesGot: number
}

export function requestsOf({ requests }: Usage, ...operations: readonly string[]): number {
  return operations.reduce((sum, operation) => sum + (requests.get(operation) ?? 0), 0)
}

export const NO_USAGE: Usage = {
  requests: new Map(),
  writeUnits: 0,
  readUnits: 0,
  refused: 0,
  throttled: 0,
  bytesPut: 0,
  bytesGot: 0,
}

export function allRequests({ requests }: Usage): number {
  return [...requests.values()].reduce((sum, count) => sum + count, 0)
}

export function difference(after: Usage, before: Usage): Usage {
  const counts = [...after.requests].map(([operation, count]) => {
    return [operation, count - (before.requests.get(operation) ?? 0)] as const
  })
  return {
    requests: new Map(counts.filter(([, count]) => count > 0)),
    writeUnits: after.writeUnits - before.writeUnits,
    readUnits: after.readUnits - before.readUnits,
    refused: after.refused - before.refused,
    throttled: after.throttled - before.throttled,
    bytesPut: after.bytesPut - before.bytesPut,
    bytesGot: after.bytesGot - before.bytesGot,
  }
}

export function sum(one: Usage, other: Usage): Usage {
  const operations = new Set([...one.requests.keys(), ...other.requests.keys()])
  return {
    requests: new Map([...operations].map((each) => [each, requestsOf(one, each) + requestsOf(other, each)])),
    writeUnits: one.writeUnits + other.writeUnits,
    readUnits: one.readUnits + other.readUnits,
    refused: one.refused + other.refused,
    throttled: one.throttled + other.throttled,
    bytesPut: one.bytesPut + other.bytesPut,
    bytesGot: one.bytesGot + other.bytesGot,
  }
}

/** Requests and units alone: no storage, no function, no front door. */
export function dollarsOf(usage: Usage, { dynamoDb, s3 }: Prices): number {
  return (
    usage.writeUnits * dynamoDb.writeUnit +
    usage.readUnits * dynamoDb.readUnit +
    requestsOf(usage, "PutObject", "ListObjectsV2") * s3.put +
    requestsOf(usage, "GetObject") * s3.get
  )
}
