/** Tells an observer of each attempt of a client: below its retries, and above what parses the answer. */
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb"
import type { StorageAttempt, StorageObserver } from "../../../log/storage-observer.ts"
import { type Item, itemSize } from "./codec/item-size.ts"
import { endOfAttempt } from "./failures.ts"

const DATA = /^(Get|BatchGet|Put|Update|Delete|BatchWrite|TransactWrite)Items?$|^(Query|Scan)$/
const WRITES = /Put|Update|Delete|Write/

export function watchClient(client: DynamoDBClient, observer: StorageObserver): void {
  client.middlewareStack.add(
    (next, context) => (args) =>
      next(
        DATA.test(operationOf(context)) ? { ...args, input: { ...args.input, ReturnConsumedCapacity: "TOTAL" } } : args,
      ),
    { step: "initialize", name: "askForCapacity" },
  )
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const operation = operationOf(context)
      const begun = performance.now()
      const tell = (ended: StorageAttempt["ended"], units: number, detail?: string) => {
        const [writeUnits, readUnits] = WRITES.test(operation) ? [units, 0] : [0, units]
        const seconds = (performance.now() - begun) / 1000
        const attempt = { service: "dynamodb" as const, operation, seconds, ended, writeUnits, readUnits }
        observer.attempted(detail === undefined ? attempt : { ...attempt, detail })
      }
      try {
        const answered = await next(args)
        tell("answered", consumed(answered.output))
        return answered
      } catch (error) {
        const { ended, detail } = endOfAttempt(error)
        if (ended === "answered") tell(ended, refusedUnits(error, args.input))
        else tell(ended, 0, detail)
        throw error
      }
    },
    { step: "deserialize", priority: "high", name: "watchClient" },
  )
}

function operationOf({ commandName = "" }: { readonly commandName?: string }): string {
  return commandName.replace(/Command$/, "")
}

/** A batch and a transaction tell of each table. */
function consumed(output: unknown): number {
  const told = fieldOf(output, "ConsumedCapacity")
  const all: readonly unknown[] = Array.isArray(told) ? told : [told]
  return all.reduce<number>((sum, each) => sum + Number(fieldOf(each, "CapacityUnits") ?? 0), 0)
}

const UNIT_BYTES = 1024

/** A condition that failed is billed by the item it looked at, and its answer does not say so. Of a transaction: twice a KiB for each item. */
function refusedUnits(error: unknown, input: object): number {
  const transaction = fieldOf(input, "TransactItems")
  if (Array.isArray(transaction)) return 2 * transaction.length
  const item = fieldOf(error, "Item")
  return isItem(item) ? Math.max(1, Math.ceil(itemSize(item) / UNIT_BYTES)) : 1
}

function isItem(value: unknown): value is Item {
  return typeof value === "object" && value !== null
}

function fieldOf(value: unknown, field: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, field) : undefined
}
