import { PutItemCommand } from "@aws-sdk/client-dynamodb"
import { bindingText, readBinding } from "../../../access/binding-text.ts"
import { type BindingStore, MAX_BINDINGS } from "../../../access/ports.ts"
import type { Unavailable } from "../../../log/ports.ts"
import { deleteItems } from "./batch-requests.ts"
import type { DynamoDbClients } from "./client.ts"
import { readText } from "./codec/attributes.ts"
import { key } from "./codec/keys.ts"
import { unavailableFrom, unavailableReading } from "./failures.ts"
import { queryPages } from "./query-pages.ts"

const BINDINGS = "acls"

/** Items written at once. */
const AT_ONCE = 16

/** Bindings, an item each whose sort key is all of it: adding and removing one are safe to repeat. */
export function createBindingStore(clients: DynamoDbClients, table: string): BindingStore {
  const texts = async (): Promise<readonly string[]> => {
    const range = { KeyConditionExpression: "pk = :acls", ExpressionAttributeValues: { ":acls": { S: BINDINGS } } }
    const found: string[] = []
    for await (const items of queryPages(clients.repeating, { TableName: table, ...range })) {
      found.push(...items.map((item) => readText(item, "sk")))
    }
    return found
  }
  const add = async (text: string) => {
    await clients.repeating.send(new PutItemCommand({ TableName: table, Item: key(BINDINGS, text) }))
  }
  return {
    bindings: async () => {
      try {
        return { kind: "bindings", bindings: (await texts()).map(readBinding) }
      } catch (error) {
        return unavailableReading(error)
      }
    },
    addBindings: async (bindings) => {
      const before = await texts().catch(unavailableReading)
      if ("kind" in before) return before
      const fresh = [...new Set(bindings.map(bindingText))].filter((text) => !before.includes(text))
      // Two at the same moment may go past it together; the bound is for what a process keeps in memory.
      if (before.length + fresh.length > MAX_BINDINGS) return { kind: "full" }
      const failure = await eachOf(fresh, add)
      return failure ?? { kind: "added" }
    },
    removeBindings: async (bindings) => {
      const keys = bindings.map((binding) => key(BINDINGS, bindingText(binding)))
      return (await deleteItems({ clients, table }, keys)) ?? { kind: "removed" }
    },
  }
}

async function eachOf(
  texts: readonly string[],
  write: (text: string) => Promise<void>,
): Promise<Unavailable | undefined> {
  for (let at = 0; at < texts.length; at += AT_ONCE) {
    try {
      await Promise.all(texts.slice(at, at + AT_ONCE).map(write))
    } catch (error) {
      const failure = unavailableFrom(error)
      // Some may be there by now.
      return { ...failure, sideEffects: "unknown" }
    }
  }
  return undefined
}
