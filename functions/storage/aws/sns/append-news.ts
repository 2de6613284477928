/** Tells an SNS topic of appends, so that functions that consume need not be asked by a schedule alone. */
import { PublishCommand, type SNSClient } from "@aws-sdk/client-sns"
import type { AppendNews, Clock } from "../../../log/ports.ts"

export interface AppendNewsOptions {
  readonly client: SNSClient
  readonly topicArn: string
  readonly clock: Clock
  /** A message that could not be sent: whoever waits for it finds the records by its schedule. */
  readonly failed: (topic: string, error: unknown) => void
}

/**
 * One message tells of all appends of its topic in so many milliseconds. Queues that get them deliver at least that much
 * later (DelaySeconds), so that the consumer that is woken finds the appends that came with no message of their own.
 */
export const NEWS_EVERY_MS = 1_000
/** Topics that are remembered; beyond it, one or the other is told of more often. */
const MOST_TOPICS = 1_000

/** Messages are `{"topic": name}`, with the name as the attribute `topic` too, for filters of subscriptions. */
export function createAppendNews({ client, topicArn, clock, failed }: AppendNewsOptions): AppendNews {
  const told = new Map<string, number>()
  return {
    async appended(topic) {
      const now = clock.now()
      const last = told.get(topic)
      // A clock that was set back must not silence a topic until it catches up.
      if (last !== undefined && last <= now && now - last < NEWS_EVERY_MS) return
      if (told.size >= MOST_TOPICS) told.clear()
      told.set(topic, now)
      try {
        await client.send(publication(topicArn, topic))
      } catch (error) {
        told.delete(topic)
        failed(topic, error)
      }
    },
  }
}

function publication(topicArn: string, topic: string): PublishCommand {
  return new PublishCommand({
    TopicArn: topicArn,
    Message: JSON.stringify({ topic }),
    MessageAttributes: { topic: { DataType: "String", StringValue: topic } },
  })
}
