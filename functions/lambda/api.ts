/** The whole API in one function, for a front door that knows only one. */
import { openApi } from "../compose/functions/open-api.ts"
import { allEndpoints } from "../http/endpoints/all.ts"
import { openEyes } from "./eyes.ts"
import { nudgeUpkeep } from "./nudge-upkeep.ts"
import { openManagement } from "./open-management.ts"
import { bundledPages } from "./pages.ts"
import { recordsOptions } from "./settings.ts"
import { tellNews } from "./tell-news.ts"

const { env } = process
const eyes = openEyes(env)
const deps = await tellNews(openApi({ ...recordsOptions(env), observer: eyes.storage, ...nudgeUpkeep(env) }), env)
const pages = bundledPages(new URL("./", import.meta.url), deps.version)

export const handler = openManagement(
  { ...deps, log: eyes.watched(deps.log) },
  { env, eyes, endpointsOf: allEndpoints, pages },
)
