/** Counts what clients of AWS ask for, below their retries: each attempt on the wire is one request. */
import { AsyncLocalStorage } from "node:async_hooks"
import { ConditionalCheckFailedException, type DynamoDBClient } from "@aws-sdk/client-dynamodb"
import type { S3Client } from "@aws-sdk/client-s3"
import { writeUnits } from "stratalog/cost"
import { type Item, itemSize } from "../../../functions/storage/aws/dynamodb/codec/item-size.ts"
import type { Usage } from "./usage.ts"

const READS: ReadonlySet<string> = new Set(["GetItem", "BatchGetItem", "Query", "Scan"])
const WRITES: ReadonlySet<string> = new Set(["PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem"])
const TRANSACTION = "TransactWriteItems"

interface Scope {
  requests: number
}

export class Meter {
  readonly #requests = new Map<string, number>()
  readonly #scopes = new AsyncLocalStorage<Scope>()
  #writeUnits = 0
  #readUnits = 0
  #refused = 0
  #throttled = 0
  #bytesPut = 0
  #bytesGot = 0

  readonly watchDynamoDb = (client: DynamoDBClient): void => {
    client.middlewareStack.add(
      (next, context) => (args) => {
        if (operationOf(context) === TRANSACTION) this.#writeUnits += transactionUnits(args.input)
        const isData = READS.has(operationOf(context)) || WRITES.has(operationOf(context))
        return next(isData ? { ...args, input: { ...args.input, ReturnConsumedCapacity: "TOTAL" } } : args)
      },
      { step: "initialize", name: "askForCapacity" },
    )
    client.middlewareStack.add(
      (next, context) => async (args) => {
        const operation = operationOf(context)
        this.#count(operation)
        try {
          const answered = await next(args)
          this.#consumed(operation, answered.output)
          return answered
        } catch (error) {
          this.#failed(error)
          throw error
        }
      },
      // Outside the deserializer and inside the retries: sees each attempt and its parsed answer.
      { step: "deserialize", priority: "high", name: "meter" },
    )
  }

  readonly watchS3 = (client: S3Client): void => {
    client.middlewareStack.add(
      (next, context) => async (args) => {
        const operation = operationOf(context)
        this.#count(operation)
        if (operation === "PutObject") this.#bytesPut += lengthOf(args.request)
        const answered = await next(args)
        if (operation === "GetObject") this.#bytesGot += numberIn(answered.output, "ContentLength")
        return answered
      },
      { step: "deserialize", priority: "high", name: "meter" },
    )
  }

  /** How many requests `work` made, all it set going included that were sent before it ended. */
  async requestsOf<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly requests: number }> {
    const scope: Scope = { requests: 0 }
    const result = await this.#scopes.run(scope, work)
    return { result, requests: scope.requests }
  }

  usage(): Usage {
    return {
      requests: new Map(this.#requests),
      writeUnits: this.#writeUnits,
      readUnits: this.#readUnits,
      refused: this.#refused,
      throttled: this.#throttled,
      bytesPut: this.#bytesPut,
      bytesGot: this.#bytesGot,
    }
  }

  #count(operation: string): void {
    this.#requests.set(operation, (this.#requests.get(operation) ?? 0) + 1)
    const scope = this.#scopes.getStore()
    if (scope !== undefined) scope.requests += 1
  }

  #consumed(operation: string, output: unknown): void {
    const told = fieldOf(output, "ConsumedCapacity")
    const units = (Array.isArray(told) ? told : [told]).reduce((sum, each) => sum + numberIn(each, "CapacityUnits"), 0)
    if (READS.has(operation)) this.#readUnits += units
    else if (WRITES.has(operation)) this.#writeUnits += units
  }

  #failed(error: unknown): void {
    if (error instanceof ConditionalCheckFailedException) {
      this.#refused += 1
      // A failed condition is billed by the item it looked at, and its answer does not say so.
      this.#writeUnits += writeUnits(error.Item === undefined ? 0 : itemSize(error.Item))
    } else if (error instanceof Error && error.name === "ProvisionedThroughputExceededException") {
      this.#throttled += 1
    }
  }
}

/**
 * What DynamoDB bills a transaction, refused or not: twice what its writes and checks take by themselves. DynamoDB Local
 * counts it in another way. Of what is not put the size is not known here: a KiB at most, as all such items are.
 */
function transactionUnits(input: unknown): number {
  const items = fieldOf(input, "TransactItems")
  const unitsOf = (item: unknown) => {
    const put = fieldOf(fieldOf(item, "Put"), "Item")
    return isItem(put) ? writeUnits(itemSize(put)) : 1
  }
  return 2 * (Array.isArray(items) ? items.reduce((sum: number, item: unknown) => sum + unitsOf(item), 0) : 0)
}

function isItem(value: unknown): value is Item {
  return typeof value === "object" && value !== null
}

/** `UpdateItem` of an `UpdateItemCommand`. */
function operationOf({ commandName = "" }: { readonly commandName?: string }): string {
  return commandName.replace(/Command$/, "")
}

function lengthOf(request: unknown): number {
  return Number(fieldOf(fieldOf(request, "headers"), "content-length") ?? 0)
}

function numberIn(value: unknown, field: string): number {
  const found = fieldOf(value, field)
  return typeof found === "number" ? found : 0
}

function fieldOf(value: unknown, field: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, field) : undefined
}
