/** The function that appends records. */
import { openProduce } from "../compose/functions/open-produce.ts"
import { produceEndpoints } from "../http/endpoints/produce.ts"
import { openEyes } from "./eyes.ts"
import { nudgeUpkeep } from "./nudge-upkeep.ts"
import { openGateway } from "./open-gateway.ts"
import { recordsOptions } from "./settings.ts"
import { tellNews } from "./tell-news.ts"

const { env } = process
const eyes = openEyes(env)
const deps = await tellNews(openProduce({ ...recordsOptions(env), observer: eyes.storage, ...nudgeUpkeep(env) }), env)

export const handler = openGateway(
  { ...deps, log: eyes.watched(deps.log) },
  { env, eyes, endpointsOf: produceEndpoints, pages: [] },
)
