/** What a function that answers requests works with. */
import { portableCodecs } from "stratalog/record-batch"
import { openAws } from "../compose/open-aws.ts"
import { openNews } from "../compose/open-news.ts"
import type { ApiDependencies } from "../http/dependencies.ts"
import { lambdaLimits } from "./limits.ts"
import { reportUntold } from "./report.ts"
import { functionSettings } from "./settings.ts"

export interface OpenFunction {
  readonly deps: ApiDependencies
  readonly version: string
  readonly corsOrigins: readonly string[]
}

export async function openFunction(environment: Readonly<Record<string, string | undefined>>): Promise<OpenFunction> {
  const { version, corsOrigins, newsTopicArn, ...where } = functionSettings(environment)
  const settings = { rollInBackground: false }
  const news = newsTopicArn === undefined ? {} : { news: await openNews(newsTopicArn, reportUntold) }
  const { deps } = openAws({ ...where, ...news, version, limits: lambdaLimits, codecs: portableCodecs(), settings })
  return { deps, version, corsOrigins }
}
