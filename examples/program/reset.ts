import { type Stratalog, StratalogError, TopicNotFoundError } from "stratalog"

/** Deletes what an example has written; what is not there is as good as deleted. */
export async function reset(log: Stratalog, topics: readonly string[], groups: readonly string[]): Promise<void> {
  for (const topic of topics) {
    await log.topics.delete(topic).catch((error: unknown) => {
      if (!(error instanceof TopicNotFoundError)) throw error
    })
  }
  for (const group of groups) {
    await log
      .group(group)
      .delete()
      .catch((error: unknown) => {
        if (!(error instanceof StratalogError && error.code === "group_not_found")) throw error
      })
  }
}
