/** The function behind the front door. */
import { portableCodecs } from "stratalog/record-batch"
import { openAws } from "../compose/open-aws.ts"
import { openNews } from "../compose/open-news.ts"
import { gatewayHandler } from "./gateway-handler.ts"
import { lambdaLimits } from "./limits.ts"
import { bundledPages } from "./pages.ts"
import { reportUntold } from "./report.ts"
import { functionSettings } from "./settings.ts"

const { version, corsOrigins, newsTopicArn, ...where } = functionSettings(process.env)
const settings = { rollInBackground: false }
const news = newsTopicArn === undefined ? {} : { news: await openNews(newsTopicArn, reportUntold) }
const { deps } = openAws({ ...where, ...news, version, limits: lambdaLimits, codecs: portableCodecs(), settings })
const pages = bundledPages(new URL("./", import.meta.url), version)

export const handler = gatewayHandler(deps, { pages, corsOrigins })
