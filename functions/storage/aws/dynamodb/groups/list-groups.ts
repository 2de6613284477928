import type { ListGroupsOutcome } from "../../../../groups/ports.ts"
import type { DynamoDbClients } from "../client.ts"
import { readText } from "../codec/attributes.ts"
import { GROUPS, isEmptyRun, runsKey } from "../codec/committed-offsets.ts"
import type { Item } from "../codec/item-size.ts"
import { unavailableReading } from "../failures.ts"
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
  { after, limit }: { readonly after?: string; readonly limit: number },
): Promise<ListGroupsOutcome> {
  // One more than asked for tells whether there is a next page.
  const wanted = limit + 1
  const found: string[] = []
  try {
    for await (const entries of queryPages(clients.repeating, entriesAfter(table, after, wanted))) {
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

/** More characters than a name has, and few enough for a sort key. */
const LONGEST_START = 250

function entriesAfter(table: string, after: string | undefined, limit: number) {
  const groups = { ":groups": { S: GROUPS } }
  const all = { TableName: table, Limit: limit, KeyConditionExpression: "pk = :groups" }
  if (after === undefined) return { ...all, ExpressionAttributeValues: groups }
  const start = { ":after": { S: after.slice(0, LONGEST_START).toWellFormed() } }
  return {
    ...all,
    KeyConditionExpression: "pk = :groups AND sk > :after",
    ExpressionAttributeValues: { ...groups, ...start },
  }
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
