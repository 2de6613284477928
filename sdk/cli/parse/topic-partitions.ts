/** Which topics and partitions, in the words of kafka-get-offsets. */
import { InvalidArgumentError } from "commander"
import { LEGAL_NAME } from "../../protocol/names.ts"

/** Topics by name or by a pattern that covers the whole name, and a range of their partitions. */
export interface TopicPartitions {
  matches(topic: string): boolean
  /** The one topic that can match; undefined where a pattern may find several. */
  readonly name: string | undefined
  /** The first partition. */
  readonly from: number
  /** The first partition that is not meant. */
  readonly to: number
}

export const TOPIC_PARTITIONS_HELP =
  "<topic>, <topic>:1, <topic>:0-3 (3 is not among them), <topic>:5- or <topic>:-3, by commas; the topic may be a regular expression, or empty for all"

const PARTITIONS = /^(?:(\d{1,4})|(\d{0,4})-(\d{0,4}))$/
const FORM = `It must be ${TOPIC_PARTITIONS_HELP}.`

/** `orders:0,^clicks-.*:0-3`, given several times. */
export function topicPartitions(text: string, before: readonly TopicPartitions[] | undefined): TopicPartitions[] {
  return [...(before ?? []), ...text.split(",").map(parseOne)]
}

function parseOne(text: string): TopicPartitions {
  const colon = text.lastIndexOf(":")
  const topic = colon === -1 ? text : text.slice(0, colon)
  return { ...parseTopic(topic), ...parsePartitions(colon === -1 ? "-" : text.slice(colon + 1)) }
}

/** A topic, or a regular expression for the whole name. */
export function parseTopic(text: string): Pick<TopicPartitions, "matches" | "name"> {
  if (text === "") return { name: undefined, matches: () => true }
  if (LEGAL_NAME.test(text)) return { name: text, matches: (topic) => topic === text }
  try {
    const pattern = new RegExp(`^(?:${text})$`)
    return { name: undefined, matches: (topic) => pattern.test(topic) }
  } catch {
    throw new InvalidArgumentError(`"${text}" is neither a topic's name nor a regular expression. ${FORM}`)
  }
}

function parsePartitions(text: string): Pick<TopicPartitions, "from" | "to"> {
  const match = PARTITIONS.exec(text)
  if (match === null) throw new InvalidArgumentError(FORM)
  const [, one, from, to] = match
  if (one !== undefined) return { from: Number(one), to: Number(one) + 1 }
  return { from: Number(from || 0), to: to === undefined || to === "" ? Number.POSITIVE_INFINITY : Number(to) }
}
