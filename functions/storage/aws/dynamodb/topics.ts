import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb"
import { StorageUnavailable, type Unavailable } from "../../../log/ports.ts"
import type { ReplaceTopicOutcome, Topic, TopicPage, TopicStore } from "../../../topics/ports.ts"
import type { DynamoDbClients } from "./client.ts"
import { number } from "./codec/attributes.ts"
import { decodeTopic, encodeConfig, encodeTopic, TOPICS, topicKey } from "./codec/topic.ts"
import { unavailableFrom, unavailableReading } from "./failures.ts"
import { nameRange } from "./name-range.ts"
import { queryPages } from "./query-pages.ts"

/**
 * Topics, one item each. A change is one conditional write and one attempt of it; where its answer is lost, what the topic
 * is now tells whether it took effect, or the outcome stays unknown: it may still land.
 */
export function createTopicStore(clients: DynamoDbClients, table: string): TopicStore {
  const get = async (name: string): Promise<Topic | undefined> => {
    const command = new GetItemCommand({ TableName: table, Key: topicKey(name), ConsistentRead: true })
    const { Item: item } = await clients.repeating.send(command).catch(throwUnavailable)
    return item === undefined ? undefined : decodeTopic(item)
  }

  /** The outcome of a change whose answer says nothing certain: `done` if the present topic shows that it took effect. */
  const resolve = async <Done>(
    failure: Unavailable,
    name: string,
    done: (topic: Topic | undefined) => Done | undefined,
  ) => {
    if (failure.sideEffects === "none") return failure
    try {
      return done(await get(name)) ?? failure
    } catch (error) {
      if (error instanceof StorageUnavailable) return failure
      throw error
    }
  }

  return {
    get,
    recent: get,
    list: (request) => list(clients, table, request),
    create: async (topic) => {
      const command = new PutItemCommand({
        TableName: table,
        Item: encodeTopic(topic),
        ConditionExpression: "attribute_not_exists(pk)",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      })
      try {
        await clients.once.send(command)
        return { kind: "created" }
      } catch (error) {
        const existing = refusedBy(error)
        if (existing !== undefined) clients.refused("topic")
        if (existing?.topic !== undefined) return { kind: "exists", topic: existing.topic }
        // An id is made for one creation: a topic that has it is its work.
        return resolve(unavailableFrom(error), topic.name, (found) =>
          found?.id === topic.id ? { kind: "created" as const } : undefined,
        )
      }
    },
    replace: async (topic) => {
      const command = new UpdateItemCommand({
        TableName: table,
        Key: topicKey(topic.name),
        UpdateExpression: "SET n = :partitions, c = :config, v = :version",
        ConditionExpression: "i = :id AND v = :before",
        ExpressionAttributeValues: {
          ":partitions": number(topic.partitions),
          ":config": { S: encodeConfig(topic.config) },
          ":version": number(topic.version),
          ":id": { S: topic.id },
          ":before": number(topic.version - 1),
        },
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      })
      try {
        await clients.once.send(command)
        return { kind: "replaced" }
      } catch (error) {
        const refused = refusedBy(error)
        if (refused !== undefined) {
          clients.refused("topic")
          return { kind: "changed", topic: refused.topic }
        }
        return resolve(unavailableFrom(error), topic.name, (found) => replaced(topic, found))
      }
    },
    delete: async (name, id) => {
      const command = new DeleteItemCommand({
        TableName: table,
        Key: topicKey(name),
        ConditionExpression: "i = :id",
        ExpressionAttributeValues: { ":id": { S: id } },
      })
      try {
        await clients.once.send(command)
        return { kind: "deleted" }
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return { kind: "not_found" }
        return resolve(unavailableFrom(error), name, (found) =>
          found?.id === id ? undefined : { kind: "deleted" as const },
        )
      }
    },
  }
}

/** The topic that failed a condition, if there was one; undefined where no condition failed. */
function refusedBy(error: unknown): { readonly topic: Topic | undefined } | undefined {
  if (!(error instanceof ConditionalCheckFailedException)) return undefined
  return { topic: error.Item === undefined ? undefined : decodeTopic(error.Item) }
}

/**
 * A topic with all that was written and its version is the asked change, whoever made it. Another one of that version or
 * a later one leaves open whether the change was there in between.
 */
function replaced(topic: Topic, found: Topic | undefined): ReplaceTopicOutcome | undefined {
  const same =
    found?.id === topic.id &&
    found.version === topic.version &&
    found.partitions === topic.partitions &&
    encodeConfig(found.config) === encodeConfig(topic.config)
  return same ? { kind: "replaced" } : undefined
}

async function list(
  clients: DynamoDbClients,
  table: string,
  request: { readonly after?: string; readonly prefix?: string; readonly limit: number },
): Promise<TopicPage> {
  const range = nameRange(TOPICS, request)
  if (range === undefined) return { topics: [] }
  // One more than asked for tells whether there is a next page.
  const wanted = request.limit + 1
  const found: Topic[] = []
  try {
    for await (const items of queryPages(clients.repeating, { TableName: table, Limit: wanted, ...range })) {
      found.push(...items.map(decodeTopic))
      if (found.length >= wanted) break
    }
  } catch (error) {
    throwUnavailable(error)
  }
  const topics = found.slice(0, request.limit)
  const next = found.length > request.limit ? topics.at(-1)?.name : undefined
  return next === undefined ? { topics } : { topics, next }
}

/** `get` and `list` have no outcome that says so. */
function throwUnavailable(error: unknown): never {
  throw new StorageUnavailable(unavailableReading(error))
}
