/** The whole API in one function, for a front door that knows only one. */
import { openApi } from "../compose/functions/open-api.ts"
import { allEndpoints } from "../http/endpoints/all.ts"
import { accessControl } from "./access-control.ts"
import { openEyes } from "./eyes.ts"
import { answerFirstKey, firstKeyMaker } from "./first-key.ts"
import { gateOf } from "./gates.ts"
import { gatewayHandler } from "./gateway-handler.ts"
import { nudgeUpkeep } from "./nudge-upkeep.ts"
import { bundledPages } from "./pages.ts"
import { accessChoice, frontDoor, recordsOptions } from "./settings.ts"
import { tellNews } from "./tell-news.ts"

const { env } = process
const eyes = openEyes(env)
const deps = await tellNews(openApi({ ...recordsOptions(env), observer: eyes.storage, ...nudgeUpkeep(env) }), env)
const pages = bundledPages(new URL("./", import.meta.url), deps.version)

const choice = accessChoice(env)
const gateway = gatewayHandler(
  { ...deps, log: eyes.watched(deps.log), ...accessControl(choice, deps.accessStore) },
  {
    endpointsOf: allEndpoints,
    pages,
    eyes,
    gateOf: gateOf(choice, deps.callers),
    ...frontDoor(env),
  },
)

export const handler = answerFirstKey(gateway, firstKeyMaker(choice, deps.accessStore))
