/** What a request to storage costs, and what a function does: by the price list, US dollars. */
import { prices } from "stratalog/cost"
import type { StorageAttempt } from "../../log/storage-observer.ts"

export type CostItem = "dynamodb_writes" | "dynamodb_reads" | "s3_puts" | "s3_gets"

/** Absent for what is free. */
export function costOf(attempt: StorageAttempt): { readonly item: CostItem; readonly dollars: number } | undefined {
  const { service, operation, writeUnits, readUnits } = attempt
  if (service === "s3") return costOfS3(operation)
  if (writeUnits > 0) return { item: "dynamodb_writes", dollars: writeUnits * prices.dynamoDb.writeUnit }
  return { item: "dynamodb_reads", dollars: readUnits * prices.dynamoDb.readUnit }
}

function costOfS3(operation: string) {
  switch (operation) {
    case "PutObject":
    case "ListObjectsV2":
      return { item: "s3_puts", dollars: prices.s3.put } as const
    case "GetObject":
      return { item: "s3_gets", dollars: prices.s3.get } as const
    default:
      return undefined
  }
}

/** Of one invocation. */
export function functionDollars(seconds: number, memoryMiB: number): number {
  return prices.lambda.request + seconds * (memoryMiB / 1024) * prices.lambda.gbSecond
}
