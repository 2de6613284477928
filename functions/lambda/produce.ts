/** The function that appends records. */
import { openProduce } from "../compose/functions/open-produce.ts"
import { produceEndpoints } from "../http/endpoints/produce.ts"
import { gateOf } from "./gates.ts"
import { gatewayHandler } from "./gateway-handler.ts"
import { nudgeUpkeep } from "./nudge-upkeep.ts"
import { accessChoice, frontDoor, recordsOptions } from "./settings.ts"
import { tellNews } from "./tell-news.ts"

const { env } = process
const deps = await tellNews(openProduce({ ...recordsOptions(env), ...nudgeUpkeep(env) }), env)

export const handler = gatewayHandler(deps, {
  endpointsOf: produceEndpoints,
  pages: [],
  gateOf: gateOf(accessChoice(env), deps.callers),
  ...frontDoor(env),
})
