import { type Stratalog, StratalogError, TopicNotFoundError } from "stratalog"
import { GROUP, temperatureAlerts, temperatures } from "./readings.ts"

/** Deletes what the example has written; what is not there is as good as deleted. */
export async function reset(log: Stratalog): Promise<void> {
  for (const { name } of [temperatures(log), temperatureAlerts(log)]) {
    await log.topics.delete(name).catch((error: unknown) => {
      if (!(error instanceof TopicNotFoundError)) throw error
    })
  }
  await log
    .group(GROUP)
    .delete()
    .catch((error: unknown) => {
      if (!(error instanceof StratalogError && error.code === "group_not_found")) throw error
    })
}
