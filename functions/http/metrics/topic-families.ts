/** What the topics hold, asked of the log when somebody looks: counting it costs the appends nothing. */
import type { DescribeOutcome, PartitionLog } from "../../log/ports.ts"
import type { Topic, TopicStore } from "../../topics/ports.ts"
import { type Family, family } from "./exposition.ts"
import { topicBytes, topicPartitions, topicRecords, topicsUntold } from "./table/topics.ts"

export interface TopicFiguresSource {
  readonly topics: Pick<TopicStore, "list">
  readonly log: Pick<PartitionLog, "describe">
}

/** A label value for each: more would burden whoever stores the series. The first by name are told. */
const MOST_TOPICS = 200
/** So that looking stays quick. A topic that goes beyond is left out whole. */
const MOST_PARTITIONS = 10_000

interface TopicFigures {
  readonly topic: string
  readonly partitions: number
  readonly records: number
  readonly bytes: number
}

export async function topicFamilies(source: TopicFiguresSource): Promise<readonly Family[]> {
  const { topics, next } = await source.topics.list({ limit: MOST_TOPICS })
  const figures: TopicFigures[] = []
  let partitions = 0
  for (const topic of topics) {
    if (partitions + topic.partitions > MOST_PARTITIONS) continue
    partitions += topic.partitions
    figures.push(await figuresOf(source, topic))
  }
  const untold = next !== undefined || figures.length < topics.length
  const by = (pick: (one: TopicFigures) => number) =>
    figures.map((one) => ({ labels: { topic: one.topic }, value: pick(one) }))
  return [
    family(
      topicRecords,
      by((one) => one.records),
    ),
    family(
      topicBytes,
      by((one) => one.bytes),
    ),
    family(
      topicPartitions,
      by((one) => one.partitions),
    ),
    family(topicsUntold, untold ? 1 : 0),
  ]
}

/** Partitions are asked for so many at once, where asking takes a request. */
const AT_ONCE = 64

async function figuresOf({ log }: TopicFiguresSource, topic: Topic): Promise<TopicFigures> {
  let records = 0
  let bytes = 0
  const add = (outcome: DescribeOutcome) => {
    if (outcome.kind !== "partition") return
    records += outcome.state.highWatermark
    bytes += outcome.state.sizeInBytes
  }
  let asked: Promise<void>[] = []
  for (let partition = 0; partition < topic.partitions; partition++) {
    const described = log.describe({ topicId: topic.id, partition })
    if (described instanceof Promise) asked.push(described.then(add))
    else add(described)
    if (asked.length < AT_ONCE) continue
    await Promise.all(asked)
    asked = []
  }
  await Promise.all(asked)
  return { topic: topic.name, partitions: topic.partitions, records, bytes }
}
