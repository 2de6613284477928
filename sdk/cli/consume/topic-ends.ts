import type { Stratalog } from "../../client/stratalog.ts"

/** The high watermark of each partition, by `<topic>:<partition>`. */
export type TopicEnds = ReadonlyMap<string, number>

/** Where the topic ends now. A pattern has no ends: its topics come and go. Throws where the topic is not there. */
export async function topicEnds(log: Stratalog, topic: string, signal: AbortSignal): Promise<TopicEnds> {
  if (topic.startsWith("^")) {
    // One look shows whether anybody answers.
    await log.health({ signal })
    return new Map()
  }
  const offsets = await log.topic(topic).offsets({ signal })
  return new Map(offsets.map(({ partition, highWatermark }) => [`${topic}:${partition}`, highWatermark]))
}
