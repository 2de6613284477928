/** The function that appends records. */
import { openProduce } from "../compose/functions/open-produce.ts"
import { produceEndpoints } from "../http/endpoints/produce.ts"
import { openEyes } from "./eyes.ts"
import { gateOf } from "./gates.ts"
import { gatewayHandler } from "./gateway-handler.ts"
import { nudgeUpkeep } from "./nudge-upkeep.ts"
import { accessChoice, frontDoor, recordsOptions } from "./settings.ts"
import { tellNews } from "./tell-news.ts"

const { env } = process
const eyes = openEyes(env)
const deps = await tellNews(openProduce({ ...recordsOptions(env), observer: eyes.storage, ...nudgeUpkeep(env) }), env)

export const handler = gatewayHandler(
  { ...deps, log: eyes.watched(deps.log) },
  {
    endpointsOf: produceEndpoints,
    pages: [],
    eyes,
    gateOf: gateOf(accessChoice(env), deps.callers),
    ...frontDoor(env),
  },
)
