import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb"
import type { CreateKeyOutcome, FindKeyOutcome, KeyPage, KeyStore, StoredKey } from "../../../access/ports.ts"
import type { Unavailable } from "../../../log/ports.ts"
import type { DynamoDbClients } from "./client.ts"
import { ACCESS_KEYS, accessKey, decodeAccessKey, encodeAccessKey } from "./codec/access-key.ts"
import { unavailableFrom, unavailableReading } from "./failures.ts"
import { nameRange } from "./name-range.ts"
import { queryPages } from "./query-pages.ts"

/** API keys, an item each. Where the answer to a write is lost, what is there then tells whether it took effect. */
export function createKeyStore(clients: DynamoDbClients, table: string): KeyStore {
  const findKey = async (id: string): Promise<FindKeyOutcome> => {
    const command = new GetItemCommand({ TableName: table, Key: accessKey(id), ConsistentRead: true })
    try {
      const { Item: item } = await clients.repeating.send(command)
      return item === undefined ? { kind: "not_found" } : { kind: "found", key: decodeAccessKey(item) }
    } catch (error) {
      return unavailableReading(error)
    }
  }
  return {
    findKey,
    createKey: async (key) => {
      const ConditionExpression = "attribute_not_exists(pk)"
      try {
        const Item = encodeAccessKey(key)
        await clients.once.send(new PutItemCommand({ TableName: table, Item, ConditionExpression }))
        return { kind: "created" }
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return { kind: "exists" }
        return createdOr(unavailableFrom(error), key, findKey)
      }
    },
    removeKey: async (id) => {
      const ConditionExpression = "attribute_exists(pk)"
      try {
        await clients.once.send(new DeleteItemCommand({ TableName: table, Key: accessKey(id), ConditionExpression }))
        return { kind: "removed" }
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return { kind: "not_found" }
        const failure = unavailableFrom(error)
        if (failure.sideEffects === "none") return failure
        const found = await findKey(id)
        return found.kind === "not_found" ? { kind: "removed" } : failure
      }
    },
    listKeys: (request) => list(clients, table, request),
  }
}

type Find = (id: string) => Promise<FindKeyOutcome>

/** Nobody else has the secret of which this is the hash. */
async function createdOr(failure: Unavailable, key: StoredKey, find: Find): Promise<CreateKeyOutcome> {
  if (failure.sideEffects === "none") return failure
  const found = await find(key.id)
  const same = found.kind === "found" && Buffer.compare(found.key.secretHash, key.secretHash) === 0
  return same ? { kind: "created" } : failure
}

async function list(
  clients: DynamoDbClients,
  table: string,
  request: { readonly after?: string; readonly limit: number },
): Promise<KeyPage | Unavailable> {
  const { limit } = request
  const range = nameRange(ACCESS_KEYS, request)
  if (range === undefined) return { kind: "page", keys: [] }
  const found: StoredKey[] = []
  try {
    // One more than asked for tells whether there is a next page.
    for await (const items of queryPages(clients.repeating, { TableName: table, Limit: limit + 1, ...range })) {
      found.push(...items.map(decodeAccessKey))
      if (found.length > limit) break
    }
  } catch (error) {
    return unavailableReading(error)
  }
  const keys = found.slice(0, limit)
  const next = found.length > limit ? keys.at(-1)?.id : undefined
  return { kind: "page", keys, ...(next !== undefined && { next }) }
}
