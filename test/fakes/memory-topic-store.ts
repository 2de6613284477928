/** A `TopicStore` in memory that keeps every promise of the port but durability. */
import type { Topic, TopicStore } from "../../functions/topics/ports.ts"

export function createMemoryTopicStore(): TopicStore {
  const topics = new Map<string, Topic>()
  return {
    create: (topic) => {
      const known = topics.get(topic.name)
      if (known !== undefined) return { kind: "exists", topic: known }
      topics.set(topic.name, topic)
      return { kind: "created" }
    },
    get: (name) => topics.get(name),
    recent: (name) => topics.get(name),
    list: ({ after = "", prefix = "", limit }) => {
      const found = [...topics.values()].filter(({ name }) => name > after && name.startsWith(prefix))
      const page = found.sort((left, right) => (left.name < right.name ? -1 : 1)).slice(0, limit)
      const next = page.at(-1)?.name
      return { topics: page, ...(found.length > limit && next !== undefined && { next }) }
    },
    replace: (topic) => {
      const known = topics.get(topic.name)
      if (known?.id !== topic.id || known.version !== topic.version - 1) return { kind: "changed", topic: known }
      topics.set(topic.name, topic)
      return { kind: "replaced" }
    },
    delete: (name, id) => {
      if (topics.get(name)?.id !== id) return { kind: "not_found" }
      topics.delete(name)
      return { kind: "deleted" }
    },
  }
}
