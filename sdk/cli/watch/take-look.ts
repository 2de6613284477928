/** Asks a service for what is to be watched, in a bounded number of requests. */
import { StratalogError } from "../../client/errors.ts"
import type { Stratalog } from "../../client/stratalog.ts"
import type { TopicDescription } from "../../client/topics.ts"
import { someAtOnce } from "../copy/at-once.ts"
import { MARKS_GROUP } from "../copy/mark.ts"
import { stopwatch } from "../perf/stopwatch.ts"
import type { GroupLook, Look, TopicLook } from "./look.ts"
import { MOST_NAMES, MOST_PARTITIONS, type Scope } from "./scope.ts"

const AT_ONCE = 8
/** Names come in pages of so many. */
const PAGE = 100

type Asked<T> = { readonly kind: "seen"; readonly look: T } | { readonly kind: "missing" | "denied" }

/** Rejects where the service as a whole does not answer, with what it said. */
export async function takeLook(log: Stratalog, scope: Scope, now: () => number, stop: AbortSignal): Promise<Look> {
  const [topics, groups] = await Promise.all([
    scope.topics ? topicsToLookAt(log, scope, stop) : { found: [], more: false, requests: 0 },
    scope.groups === undefined ? groupsToLookAt(log, scope, stop) : { found: scope.groups, more: false, requests: 0 },
  ])
  const topicLooks = await someAtOnce(topics.found, AT_ONCE, stop, (topic, signal) => lookAtTopic(log, topic, signal))
  const groupLooks = await someAtOnce(groups.found, AT_ONCE, stop, (group, signal) =>
    lookAtGroup(log, group, scope, signal),
  )
  const all: readonly Asked<unknown>[] = [...topicLooks, ...groupLooks]
  return {
    time: now(),
    at: stopwatch.now(),
    topics: seen(topicLooks),
    groups: scope.groups === undefined ? seen(groupLooks) : namedGroups(scope.groups, groupLooks),
    more: { topics: topics.more, groups: groups.more },
    denied: all.filter(({ kind }) => kind === "denied").length,
    requests: topics.requests + topics.found.length + groups.requests + 2 * groups.found.length,
  }
}

interface Found<T> {
  readonly found: readonly T[]
  readonly more: boolean
  readonly requests: number
}

async function topicsToLookAt(
  log: Stratalog,
  { topicPrefix, most }: Scope,
  signal: AbortSignal,
): Promise<Found<TopicDescription>> {
  const found: TopicDescription[] = []
  let [partitions, listed, more] = [0, 0, false]
  for await (const topic of log.topics.list({ prefix: topicPrefix === "" ? undefined : topicPrefix, signal })) {
    listed++
    const isLast = found.length === most || listed > MOST_NAMES
    const isTooMuch = partitions + topic.partitions > MOST_PARTITIONS
    more ||= isLast || isTooMuch
    if (isLast) break
    if (isTooMuch) continue
    found.push(topic)
    partitions += topic.partitions
  }
  return { found, more, requests: Math.ceil(Math.max(1, listed) / PAGE) }
}

async function groupsToLookAt(
  log: Stratalog,
  { groupPrefix, most }: Scope,
  signal: AbortSignal,
): Promise<Found<string>> {
  const found: string[] = []
  let [listed, more] = [0, false]
  for await (const { group } of log.groups.list({ signal })) {
    listed++
    // They come by name.
    if (group > groupPrefix && !group.startsWith(groupPrefix)) break
    more = found.length === most || listed > MOST_NAMES
    if (more) break
    // What a copy keeps there is nobody's progress.
    if (group.startsWith(groupPrefix) && group !== MARKS_GROUP) found.push(group)
  }
  return { found, more, requests: Math.ceil(Math.max(1, listed) / PAGE) }
}

function lookAtTopic(log: Stratalog, topic: TopicDescription, signal: AbortSignal): Promise<Asked<TopicLook>> {
  return asked(async () => {
    const partitions = await log.topic(topic.name).offsets({ signal })
    return { topic: topic.name, id: topic.id, at: stopwatch.now(), partitions }
  })
}

function lookAtGroup(
  log: Stratalog,
  group: string,
  { topicPrefix, groups }: Scope,
  signal: AbortSignal,
): Promise<Asked<GroupLook>> {
  return asked(async () => {
    const handle = log.group(group)
    const lag = handle.lag({ signal }).then(({ partitions }) => ({
      at: stopwatch.now(),
      partitions: partitions.filter(({ topic }) => topic.startsWith(topicPrefix)),
    }))
    const [{ state, members }, progress] = await Promise.all([handle.describe({ signal }), lag])
    return { group, state, members, ...progress }
  }, groups !== undefined)
}

/** What was deleted since it was listed, and what this caller may not see, is no failure of the look. */
async function asked<T>(look: () => Promise<T>, isNamed = false): Promise<Asked<T>> {
  try {
    return { kind: "seen", look: await look() }
  } catch (error) {
    if (!(error instanceof StratalogError)) throw error
    if (error.code === "topic_not_found" || error.code === "group_not_found") return { kind: "missing" }
    if (error.status === 403 && !isNamed) return { kind: "denied" }
    throw error
  }
}

function seen<T>(all: readonly Asked<T>[]): readonly T[] {
  return all.flatMap((each) => (each.kind === "seen" ? [each.look] : []))
}

function namedGroups(names: readonly string[], all: readonly Asked<GroupLook>[]): readonly GroupLook[] {
  return all.flatMap((each, index) => {
    if (each.kind === "seen") return [each.look]
    const group = names[index] ?? ""
    return each.kind === "missing" ? [{ group, state: "Gone", members: [], at: stopwatch.now(), partitions: [] }] : []
  })
}
