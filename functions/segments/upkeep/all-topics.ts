import type { Topic, TopicStore } from "../../topics/ports.ts"

const TOPICS = 1_000

/** By name, page by page: whoever stops asks for no more of them. */
export async function* allTopics(topics: Pick<TopicStore, "list">): AsyncGenerator<Topic> {
  for (let after: string | undefined; ; ) {
    const page = await topics.list(after === undefined ? { limit: TOPICS } : { after, limit: TOPICS })
    yield* page.topics
    if (page.next === undefined) return
    after = page.next
  }
}
