import type { DatabaseSync } from "node:sqlite"
import { readConfig } from "../../../topics/config.ts"
import type { Topic, TopicConfig, TopicStore } from "../../../topics/ports.ts"
import { integer, type Row, text } from "./rows.ts"
import { SortedNames } from "./sorted-names.ts"
import { transact } from "./transaction.ts"

/**
 * Topics in memory, written through to the database: nobody else writes the file, and every request asks for a topic.
 * A change shows in memory only once it is durable.
 */
export function createTopicStore(database: DatabaseSync): TopicStore {
  const insert = database.prepare(
    "INSERT INTO topics (name, id, partitions, config, created_at, version) VALUES (?, ?, ?, ?, ?, ?)",
  )
  const update = database.prepare("UPDATE topics SET partitions = ?, config = ?, version = ? WHERE name = ?")
  const remove = database.prepare("DELETE FROM topics WHERE name = ?")
  const topics = new Map(database.prepare("SELECT * FROM topics").all().map(decode))
  const names = new SortedNames(topics.keys())

  return {
    get: (name) => topics.get(name),
    recent: (name) => topics.get(name),
    list: ({ after, prefix, limit }) => {
      const page = names.page(limit, prefix ?? "", after)
      const listed = page.names.flatMap((name) => topics.get(name) ?? [])
      return page.next === undefined ? { topics: listed } : { topics: listed, next: page.next }
    },
    create: (topic) => {
      const existing = topics.get(topic.name)
      if (existing !== undefined) return { kind: "exists", topic: existing }
      const { name, id, partitions, config, createdAt, version } = topic
      const failure = transact(database, () => {
        insert.run(name, id, partitions, JSON.stringify(config), createdAt, version)
      })
      if (failure !== undefined) return failure
      topics.set(name, copy(topic))
      names.add(name)
      return { kind: "created" }
    },
    replace: (topic) => {
      const existing = topics.get(topic.name)
      if (existing?.id !== topic.id || existing.version !== topic.version - 1) {
        return { kind: "changed", topic: existing }
      }
      const failure = transact(database, () => {
        update.run(topic.partitions, JSON.stringify(topic.config), topic.version, topic.name)
      })
      if (failure !== undefined) return failure
      topics.set(topic.name, { ...copy(topic), createdAt: existing.createdAt })
      return { kind: "replaced" }
    },
    delete: (name, id) => {
      if (topics.get(name)?.id !== id) return { kind: "not_found" }
      const failure = transact(database, () => {
        remove.run(name)
      })
      if (failure !== undefined) return failure
      topics.delete(name)
      names.remove(name)
      return { kind: "deleted" }
    },
  }
}

function copy(topic: Topic): Topic {
  return { ...topic, config: { ...topic.config } }
}

function decode(row: Row): [string, Topic] {
  const name = text(row, "name")
  const topic: Topic = {
    name,
    id: text(row, "id"),
    partitions: integer(row, "partitions"),
    config: decodeConfig(name, text(row, "config")),
    createdAt: integer(row, "created_at"),
    version: integer(row, "version"),
  }
  return [name, topic]
}

function decodeConfig(name: string, stored: string): TopicConfig {
  try {
    return readConfig(JSON.parse(stored))
  } catch (cause) {
    throw new Error(`The stored configuration of topic ${name} is not valid in this version: ${stored}`, { cause })
  }
}
