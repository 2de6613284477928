import { type TopicDescription, topicDescription } from "../describe/describe-topic.ts"
import type { TopicStore } from "../ports.ts"

export interface ListTopicsDeps {
  readonly topics: Pick<TopicStore, "list">
}

export interface ListTopicsRequest {
  readonly prefix?: string | undefined
  /** The `next` of the page before. */
  readonly after?: string | undefined
  readonly limit: number
}

export interface TopicListing {
  /** By name. */
  readonly topics: readonly TopicDescription[]
  /** What to pass as `after` for the next page; absent on the last. */
  readonly next?: string
}

export async function listTopics(deps: ListTopicsDeps, request: ListTopicsRequest): Promise<TopicListing> {
  const { prefix, after, limit } = request
  const page = await deps.topics.list({
    limit,
    ...(prefix === undefined ? {} : { prefix }),
    ...(after === undefined ? {} : { after }),
  })
  return { ...page, topics: page.topics.map(topicDescription) }
}
