/**
 * A topic's item. All topics lie under one partition key, so that one query lists them by name: names are ASCII, whose
 * order is the same in UTF-8 as in code units. That key serves some 3,000 consistent reads and 1,000 writes a second
 * until DynamoDB splits it; processes ask it for a topic they use once in a while, not for each request.
 */
import { readConfig } from "../../../../topics/config.ts"
import type { Topic, TopicConfig } from "../../../../topics/ports.ts"
import { number, readNumber, readText } from "./attributes.ts"
import type { Item } from "./item-size.ts"
import { type Key, key } from "./keys.ts"

export const TOPICS = "topics"

export function topicKey(name: string): Key {
  return key(TOPICS, name)
}

export function encodeTopic(topic: Topic): Item {
  return {
    ...topicKey(topic.name),
    i: { S: topic.id },
    n: number(topic.partitions),
    c: { S: encodeConfig(topic.config) },
    t: number(topic.createdAt),
    v: number(topic.version),
  }
}

export function encodeConfig(config: TopicConfig): string {
  return JSON.stringify(config)
}

export function decodeTopic(item: Item): Topic {
  const name = readText(item, "sk")
  return {
    name,
    id: readText(item, "i"),
    partitions: readNumber(item, "n"),
    config: decodeConfig(name, readText(item, "c")),
    createdAt: readNumber(item, "t"),
    version: readNumber(item, "v"),
  }
}

function decodeConfig(name: string, stored: string): TopicConfig {
  try {
    return readConfig(JSON.parse(stored))
  } catch (cause) {
    throw new Error(`The stored configuration of topic ${name} is not valid in this version: ${stored}`, { cause })
  }
}
