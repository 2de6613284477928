/** Topics as they are shown: what they hold, and how fast it grows. Pure. */
import { perSecond, sumKnown } from "./history.ts"
import type { TopicLook } from "./look.ts"
import { type EndsSample, endsKey, type Seen } from "./seen.ts"

/** Null: not known. */
export interface TopicVolume {
  readonly partitions: number
  /** That can be read. */
  readonly records: number
  readonly sizeInBytes: number | null
  readonly recordsPerSecond: number | null
  readonly bytesPerSecond: number | null
}

export interface TopicRow extends TopicVolume {
  readonly topic: string
}

export function topicRows(seen: Seen): readonly TopicRow[] {
  return seen.look.topics.map((topic) => topicRow(topic, seen))
}

function topicRow(topic: TopicLook, { ends }: Seen): TopicRow {
  const histories = topic.partitions.map(({ partition }) => ends.get(endsKey(topic, partition)) ?? [])
  return {
    topic: topic.topic,
    partitions: topic.partitions.length,
    records: topic.partitions.reduce(
      (sum, { logStartOffset, highWatermark }) => sum + highWatermark - logStartOffset,
      0,
    ),
    sizeInBytes: sumKnown(topic.partitions.map(({ sizeInBytes = null }) => sizeInBytes)),
    recordsPerSecond: sumKnown(histories.map((history) => perSecond(history, ({ end }) => end))),
    bytesPerSecond: sumKnown(histories.map(bytesPerSecond)),
  }
}

/** A size that retention or compaction made smaller does not tell what came: then a record counts as the average one. */
function bytesPerSecond(history: readonly EndsSample[]): number | null {
  const [first, last] = [history[0], history.at(-1)]
  if (first === undefined || last === undefined || first.bytes === null || last.bytes === null) return null
  if (first.start === last.start && last.bytes >= first.bytes) return perSecond(history, ({ bytes }) => bytes ?? 0)
  const records = perSecond(history, ({ end }) => end)
  if (records === null || records === 0) return records
  const readable = last.end - last.start
  return readable === 0 ? null : (records * last.bytes) / readable
}

export function volumeOfAll(rows: readonly TopicVolume[]): TopicVolume {
  return {
    partitions: rows.reduce((sum, { partitions }) => sum + partitions, 0),
    records: rows.reduce((sum, { records }) => sum + records, 0),
    sizeInBytes: sumKnown(rows.map(({ sizeInBytes }) => sizeInBytes)),
    recordsPerSecond: sumKnown(rows.map(({ recordsPerSecond }) => recordsPerSecond)),
    bytesPerSecond: sumKnown(rows.map(({ bytesPerSecond }) => bytesPerSecond)),
  }
}
