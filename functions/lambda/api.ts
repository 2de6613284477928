/** The whole API in one function, for a front door that knows only one. */
import { openApi } from "../compose/functions/open-api.ts"
import { allEndpoints } from "../http/endpoints/all.ts"
import { gatewayHandler } from "./gateway-handler.ts"
import { nudgeUpkeep } from "./nudge-upkeep.ts"
import { bundledPages } from "./pages.ts"
import { frontDoor, recordsOptions } from "./settings.ts"
import { tellNews } from "./tell-news.ts"

const { env } = process
const deps = await tellNews(openApi({ ...recordsOptions(env), ...nudgeUpkeep(env) }), env)
const pages = bundledPages(new URL("./", import.meta.url), deps.version)

export const handler = gatewayHandler(deps, { endpointsOf: allEndpoints, pages, ...frontDoor(env) })
