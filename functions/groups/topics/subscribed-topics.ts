/** What members subscribe to, looked up: the topics that are there, and what their patterns match. */
import type { Clock } from "../../log/ports.ts"
import type { Topic, TopicStore } from "../../topics/ports.ts"
import { compilePatterns } from "../members/patterns.ts"
import type { LiveTopic, MatchPattern, Subscriptions } from "../members/subscriptions.ts"

export interface LiveTopics {
  /** Each once, by name. */
  readonly topics: readonly LiveTopic[]
  /** For the patterns that were looked up. */
  readonly match: MatchPattern
}

export interface SubscribedTopics {
  /**
   * As topics were at most `maxAgeMs` ago, or, with `now`, as they are. That there is no topic of a name is never from
   * memory. `also`: names of topics that are wanted in any case. Throws `StorageUnavailable`.
   */
  look(subscriptions: Subscriptions, also: readonly string[], age: "recent" | "now"): Promise<LiveTopics>
}

export interface SubscribedTopicsOptions {
  readonly topics: Pick<TopicStore, "get" | "list">
  readonly clock: Clock
  /** 0: nothing is remembered. */
  readonly maxAgeMs: number
}

interface Remembered<T> {
  readonly value: T
  /** Before the storage was asked. */
  readonly askedAt: number
}

/** Those looked up longest ago are forgotten first. */
const MAX_TOPICS = 10_000

const PAGE = 1_000

export function subscribedTopics({ topics, clock, maxAgeMs }: SubscribedTopicsOptions): SubscribedTopics {
  const byName = new Map<string, Remembered<LiveTopic>>()
  let all: Remembered<readonly LiveTopic[]> | undefined

  const isFresh = ({ askedAt }: Remembered<unknown>) => {
    const age = clock.now() - askedAt
    return age >= 0 && age < maxAgeMs
  }

  const named = async (name: string, now: boolean): Promise<readonly LiveTopic[]> => {
    const known = byName.get(name)
    if (known !== undefined && !now && isFresh(known)) return [known.value]
    const askedAt = clock.now()
    const topic = await topics.get(name)
    byName.delete(name)
    if (topic === undefined) return []
    const value = liveTopic(topic)
    if (maxAgeMs > 0) byName.set(name, { value, askedAt })
    const oldest = byName.size > MAX_TOPICS ? byName.keys().next().value : undefined
    if (oldest !== undefined) byName.delete(oldest)
    return [value]
  }

  const everything = async (now: boolean): Promise<readonly LiveTopic[]> => {
    if (all !== undefined && !now && isFresh(all)) return all.value
    const askedAt = clock.now()
    const value = await listAll(topics)
    all = maxAgeMs > 0 ? { value, askedAt } : undefined
    return value
  }

  return {
    look: async ({ names, patterns }, also, age) => {
      const now = age === "now"
      const { match } = await compilePatterns(patterns)
      const listed = patterns.length === 0 ? undefined : await everything(now)
      const isWanted = wanted(patterns.map(match), also)
      const asked = listed === undefined ? new Set([...names, ...also]) : new Set(names)
      const found = await Promise.all([...asked].map((name) => named(name, now)))
      // Of a name that both found, the one that was asked for by name is the later look.
      const byTopic = new Map(
        [...(listed ?? []).filter(isWanted), ...found.flat()].map((topic) => [topic.topic, topic]),
      )
      return {
        topics: [...byTopic.values()].sort((a, b) => (a.topic < b.topic ? -1 : 1)),
        match,
      }
    },
  }
}

type Matches = (name: string) => boolean

/** Of those that are listed. Topics of the service itself have to be named. */
function wanted(patterns: readonly Matches[], also: readonly string[]): (topic: LiveTopic) => boolean {
  const named = new Set(also)
  return ({ topic }) => named.has(topic) || (!topic.startsWith("__") && patterns.some((matches) => matches(topic)))
}

async function listAll(topics: Pick<TopicStore, "list">): Promise<readonly LiveTopic[]> {
  const found: LiveTopic[] = []
  let after: string | undefined
  do {
    const page = await topics.list(after === undefined ? { limit: PAGE } : { after, limit: PAGE })
    found.push(...page.topics.map(liveTopic))
    after = page.next
  } while (after !== undefined)
  return found
}

function liveTopic({ id, name, partitions }: Topic): LiveTopic {
  return { topicId: id, topic: name, partitions }
}
