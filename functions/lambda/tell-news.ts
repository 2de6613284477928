/** Appends whose news somebody wants to hear. */
import { openNews } from "../compose/open-news.ts"
import type { AppendDependencies } from "../log/dependencies.ts"
import { reportUntold } from "./report.ts"
import { type Environment, newsTopicArn } from "./settings.ts"

export async function tellNews<Deps extends AppendDependencies>(deps: Deps, environment: Environment): Promise<Deps> {
  const arn = newsTopicArn(environment)
  return arn === undefined ? deps : { ...deps, news: await openNews(arn, reportUntold) }
}
