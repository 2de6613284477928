import type { Awaitable, Clock } from "../log/ports.ts"
import type { Topic, TopicStore } from "./ports.ts"

export interface CacheOptions {
  /** How old an answer of `recent` may be, milliseconds; 0: nothing is remembered. */
  readonly ttlMs: number
  readonly clock: Clock
  /** Those looked up longest ago are forgotten first. */
  readonly maxTopics?: number
}

interface Remembered {
  readonly topic: Topic
  /** Before the storage was asked: it was so then or later. */
  readonly askedAt: number
}

/** Some 5 MB of them. */
const MAX_TOPICS = 10_000

/**
 * Topics that many requests ask for, remembered for a moment where the storage is far away. Only `recent` answers from
 * memory; everything else is the store's own answer, from which memory learns. That a topic is not there is not
 * remembered, so that one that is created can be used at once.
 */
export function cachedTopics(store: TopicStore, options: CacheOptions): TopicStore {
  const { ttlMs, clock, maxTopics = MAX_TOPICS } = options
  const memory = new Map<string, Remembered>()
  const asking = new Map<string, Promise<Topic | undefined>>()

  const learn = (name: string, topic: Topic | undefined, askedAt: number): void => {
    // An answer that was long on its way does not undo what was learned from a later question.
    if ((memory.get(name)?.askedAt ?? askedAt) > askedAt) return
    memory.delete(name)
    if (topic === undefined || ttlMs === 0) return
    memory.set(name, { topic, askedAt })
    const oldest = memory.size > maxTopics ? memory.keys().next().value : undefined
    if (oldest !== undefined) memory.delete(oldest)
  }

  const get = async (name: string): Promise<Topic | undefined> => {
    const askedAt = clock.now()
    const topic = await store.get(name)
    learn(name, topic, askedAt)
    return topic
  }

  /** One question for all that ask at the same moment. */
  const ask = (name: string): Promise<Topic | undefined> => {
    const present = asking.get(name)
    if (present !== undefined) return present
    const question = get(name).finally(() => asking.delete(name))
    asking.set(name, question)
    return question
  }

  const recent = (name: string): Awaitable<Topic | undefined> => {
    const known = memory.get(name)
    if (known === undefined) return ask(name)
    const age = clock.now() - known.askedAt
    if (age >= 0 && age < ttlMs) return known.topic
    // A clock that was set back tells nothing about an age.
    memory.delete(name)
    return ask(name)
  }

  return {
    get,
    recent,
    list: (request) => store.list(request),
    create: async (topic) => {
      const askedAt = clock.now()
      const outcome = await store.create(topic)
      if (outcome.kind === "created") learn(topic.name, topic, askedAt)
      if (outcome.kind === "exists") learn(topic.name, outcome.topic, askedAt)
      return outcome
    },
    replace: async (topic) => {
      const askedAt = clock.now()
      const outcome = await store.replace(topic)
      if (outcome.kind === "replaced") learn(topic.name, topic, askedAt)
      if (outcome.kind === "changed") learn(topic.name, outcome.topic, askedAt)
      return outcome
    },
    delete: async (name, id) => {
      const askedAt = clock.now()
      const outcome = await store.delete(name, id)
      if (outcome.kind === "deleted") learn(name, undefined, askedAt)
      return outcome
    },
  }
}
