import type { ListGroupsOutcome, ListGroupsRequest } from "../../../../groups/ports.ts"
import type { DynamoDbClients } from "../client.ts"
import { readText } from "../codec/attributes.ts"
import { GROUPS, isEmptyRun, runsKey } from "../codec/committed-offsets.ts"
import type { Item } from "../codec/item-size.ts"
import { unavailableReading } from "../failures.ts"
import { nameRange } from "../name-range.ts"
import { queryPages } from "../query-pages.ts"
import { hasMembers } from "./entries.ts"

const ASKED_AT_ONCE = 50
/** As many as one read unit holds: the first may have claims alone. */
const RUNS_AT_ONCE = 4

/**
 * Groups by name, from their entries. The entry of a group with members says so. That of another may be there before its
 * first commit and after a deletion that was cut short, so each is asked whether it has an offset: a read unit each, for a
 * list that people look at.
 */
export async function listGroups(
  clients: DynamoDbClients,
  table: string,
  request: ListGroupsRequest,
): Promise<ListGroupsOutcome> {
  const { limit } = request
  const range = nameRange(GROUPS, request)
  if (range === undefined) return { kind: "page", groups: [] }
  // One more than asked for tells whether there is a next page.
  const wanted = limit + 1
  const found: string[] = []
  try {
    for await (const entries of queryPages(clients.repeating, { TableName: table, Limit: wanted, ...range })) {
      for (let begin = 0; begin < entries.length && found.length < wanted; begin += ASKED_AT_ONCE) {
        const some = entries.slice(begin, begin + ASKED_AT_ONCE)
        const alive = await Promise.all(some.map((entry) => isThere(clients, table, entry)))
        found.push(...some.filter((_, index) => alive[index]).map((entry) => readText(entry, "sk")))
      }
      if (found.length >= wanted) break
    }
  } catch (error) {
    return unavailableReading(error)
  }
  const groups = found.slice(0, limit)
  const next = found.length > limit ? groups.at(-1) : undefined
  return { kind: "page", groups, ...(next === undefined ? {} : { next }) }
}

async function isThere(clients: DynamoDbClients, table: string, entry: Item): Promise<boolean> {
  return hasMembers(entry) || hasOffsets(clients, table, readText(entry, "sk"))
}

async function hasOffsets(clients: DynamoDbClients, table: string, group: string): Promise<boolean> {
  const query = {
    TableName: table,
    Limit: RUNS_AT_ONCE,
    KeyConditionExpression: "pk = :group",
    ExpressionAttributeValues: { ":group": { S: runsKey(group) } },
  }
  for await (const runs of queryPages(clients.repeating, query)) {
    if (!runs.every(isEmptyRun)) return true
  }
  return false
}
