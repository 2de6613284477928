/** Many items in few requests. What DynamoDB leaves undone, it is asked for again, after a while. */
import { type AttributeValue, BatchGetItemCommand, BatchWriteItemCommand } from "@aws-sdk/client-dynamodb"
import type { Unavailable } from "../../../log/ports.ts"
import { BACK_OFF_ATTEMPTS, backOff } from "./back-off.ts"
import type { Item } from "./codec/item-size.ts"
import type { Key } from "./codec/keys.ts"
import { unavailableFrom, unavailableReading } from "./failures.ts"
import type { TableClients } from "./table-clients.ts"

/** DynamoDB's own limits. */
const KEYS_PER_READ = 100
const ITEMS_PER_WRITE = 25

/** Requests of one call at once. */
const AT_ONCE = 8

/** Safe to repeat. */
export async function deleteItems(access: TableClients, keys: readonly Key[]): Promise<Unavailable | undefined> {
  return firstFailure(chunks(keys, ITEMS_PER_WRITE), (chunk) => deleteChunk(access, chunk))
}

/** Those that are there, in any order. */
export async function getItems(
  access: TableClients,
  keys: readonly Key[],
  consistent: boolean,
): Promise<readonly Item[] | Unavailable> {
  const found: Item[] = []
  const failure = await firstFailure(chunks(keys, KEYS_PER_READ), (chunk) => getChunk(access, chunk, consistent, found))
  return failure ?? found
}

async function deleteChunk({ clients, table }: TableClients, keys: readonly Key[]): Promise<Unavailable | undefined> {
  let requests: { DeleteRequest: { Key: Record<string, AttributeValue> } }[] = keys.map((key) => ({
    DeleteRequest: { Key: key },
  }))
  for (let attempt = 1; attempt <= BACK_OFF_ATTEMPTS; attempt += 1) {
    try {
      const command = new BatchWriteItemCommand({ RequestItems: { [table]: requests } })
      const { UnprocessedItems: left = {} } = await clients.repeating.send(command)
      requests = (left[table] ?? []).flatMap(({ DeleteRequest: request }) =>
        request?.Key === undefined ? [] : [{ DeleteRequest: { Key: request.Key } }],
      )
    } catch (error) {
      return unavailableFrom(error)
    }
    if (requests.length === 0) return undefined
    await backOff(attempt)
  }
  return throttled("unknown")
}

async function getChunk(
  { clients, table }: TableClients,
  keys: readonly Key[],
  consistent: boolean,
  found: Item[],
): Promise<Unavailable | undefined> {
  let left: Record<string, AttributeValue>[] = [...keys]
  for (let attempt = 1; attempt <= BACK_OFF_ATTEMPTS; attempt += 1) {
    try {
      const command = new BatchGetItemCommand({ RequestItems: { [table]: { Keys: left, ConsistentRead: consistent } } })
      const { Responses: items = {}, UnprocessedKeys: unprocessed = {} } = await clients.repeating.send(command)
      found.push(...(items[table] ?? []))
      left = unprocessed[table]?.Keys ?? []
    } catch (error) {
      return unavailableReading(error)
    }
    if (left.length === 0) return undefined
    await backOff(attempt)
  }
  return throttled("none")
}

function throttled(sideEffects: Unavailable["sideEffects"]): Unavailable {
  const detail = `DynamoDB: part of a batch was still undone after ${BACK_OFF_ATTEMPTS} attempts`
  return { kind: "unavailable", reason: "throttled", sideEffects, detail }
}

function chunks<T>(values: readonly T[], size: number): readonly T[][] {
  const count = Math.ceil(values.length / size)
  return Array.from({ length: count }, (_, index) => values.slice(index * size, (index + 1) * size))
}

/** Takes no further chunk once one has failed. */
async function firstFailure<T>(
  values: readonly T[],
  request: (value: T) => Promise<Unavailable | undefined>,
): Promise<Unavailable | undefined> {
  const waiting = values.values()
  let failure: Unavailable | undefined
  const work = async () => {
    for (const value of waiting) {
      failure = (await request(value)) ?? failure
      if (failure !== undefined) return
    }
  }
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, values.length) }, work))
  return failure
}
