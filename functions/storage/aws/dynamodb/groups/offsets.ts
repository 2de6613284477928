import { randomUUID } from "node:crypto"
import type {
  CommitOutcome,
  CommitTerms,
  CommittedOffset,
  DeleteGroupOutcome,
  ReadOffsetsOutcome,
} from "../../../../groups/ports.ts"
import type { Unavailable } from "../../../../log/ports.ts"
import { backOff } from "../back-off.ts"
import type { DynamoDbClients } from "../client.ts"
import { readText } from "../codec/attributes.ts"
import { decodeRun, isEmptyRun, runsKey, topicGroupsKey, topicRunsPrefix } from "../codec/committed-offsets.ts"
import type { Item } from "../codec/item-size.ts"
import { unavailableFrom, unavailableReading } from "../failures.ts"
import { queryPages } from "../query-pages.ts"
import { groupEntry, makeRuns, removeMarked } from "./entries.ts"
import { runsOf, writeRuns } from "./runs.ts"

/** Attempts of one commit: conflicts of transactions pass, and a first commit makes its items. */
const ATTEMPTS = 8
const GROUPS_AT_ONCE = 10

/**
 * A commit is repeated where it certainly did nothing for a reason that passes, and once where its answer was lost: the
 * same offsets again change nothing. After a lost answer a refusal proves nothing, as somebody may have gone on from what
 * this commit wrote: then the outcome is unknown.
 */
export async function commitOffsets(
  clients: DynamoDbClients,
  table: string,
  group: string,
  commits: readonly CommittedOffset[],
  terms: CommitTerms,
): Promise<CommitOutcome> {
  const runs = runsOf(group, commits)
  let token = randomUUID()
  let lost: Unavailable | undefined
  let last: Unavailable | undefined
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const outcome = await writeRuns(clients, table, runs, terms, token)
    switch (outcome.kind) {
      case "committed":
        return outcome
      case "regressed":
      case "fenced":
        return lost ?? outcome
      case "missing": {
        const made = await makeRuns(clients, table, group, outcome.runs)
        if (made.kind === "unavailable") return lost ?? made
        token = randomUUID()
        break
      }
      case "conflict":
        last = outcome.failure
        token = randomUUID()
        await backOff(attempt)
        break
      case "unavailable":
        if (outcome.sideEffects === "none" || lost !== undefined) return lost ?? outcome
        lost = outcome
    }
  }
  return lost ?? last ?? { kind: "unavailable", reason: "throttled", sideEffects: "none", detail: CONTESTED }
}

const CONTESTED = "the group was deleted as often as it was committed to"

export async function readOffsets(clients: DynamoDbClients, table: string, group: string): Promise<ReadOffsetsOutcome> {
  try {
    const runs = await runsUnder(clients, table, group)
    const offsets = runs.flatMap(decodeRun)
    return offsets.length === 0 ? { kind: "not_found" } : { kind: "offsets", offsets }
  } catch (error) {
    return unavailableReading(error)
  }
}

export async function deleteGroup(clients: DynamoDbClients, table: string, group: string): Promise<DeleteGroupOutcome> {
  try {
    const entry = await groupEntry(clients, table, group)
    if (entry === undefined) return { kind: "not_found" }
    const runs = await runsUnder(clients, table, group)
    await removeMarked(clients, table, runs)
    // The topics' entries stay: they cost next to nothing, serve the group again, and go with the topic.
    await removeMarked(clients, table, [entry])
    return runs.every(isEmptyRun) ? { kind: "not_found" } : { kind: "deleted" }
  } catch (error) {
    return partly(error)
  }
}

export async function forgetTopic(
  clients: DynamoDbClients,
  table: string,
  topicId: string,
): Promise<{ readonly kind: "done" } | Unavailable> {
  const entries = {
    TableName: table,
    KeyConditionExpression: "pk = :topic",
    ExpressionAttributeValues: { ":topic": { S: topicGroupsKey(topicId) } },
  }
  try {
    for await (const found of queryPages(clients.repeating, entries)) {
      for (let begin = 0; begin < found.length; begin += GROUPS_AT_ONCE) {
        const some = found.slice(begin, begin + GROUPS_AT_ONCE)
        await Promise.all(some.map((entry) => forgetTopicInGroup(clients, table, topicId, entry)))
      }
    }
    return { kind: "done" }
  } catch (error) {
    return partly(error)
  }
}

async function forgetTopicInGroup(
  clients: DynamoDbClients,
  table: string,
  topicId: string,
  topicEntry: Item,
): Promise<void> {
  const group = readText(topicEntry, "sk")
  const entry = await groupEntry(clients, table, group)
  const runs = await runsUnder(clients, table, group)
  const ofTopic = runs.filter((run) => readText(run, "sk").startsWith(topicRunsPrefix(topicId)))
  await removeMarked(clients, table, ofTopic)
  const isEmpty = ofTopic.length === runs.length
  await removeMarked(clients, table, isEmpty && entry !== undefined ? [entry, topicEntry] : [topicEntry])
}

async function runsUnder(clients: DynamoDbClients, table: string, group: string): Promise<readonly Item[]> {
  const found: Item[] = []
  const query = {
    TableName: table,
    KeyConditionExpression: "pk = :group",
    ExpressionAttributeValues: { ":group": { S: runsKey(group) } },
  }
  for await (const items of queryPages(clients.repeating, query)) found.push(...items)
  return found
}

/** Some steps of several may have been taken. */
function partly(error: unknown): Unavailable {
  return { ...unavailableFrom(error), sideEffects: "unknown" }
}
