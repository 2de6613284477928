/** The function that reads records. */
import { openFetch } from "../compose/functions/open-fetch.ts"
import { fetchEndpoints } from "../http/endpoints/fetch.ts"
import { openEyes } from "./eyes.ts"
import { openGateway } from "./open-gateway.ts"
import { recordsOptions } from "./settings.ts"

const { env } = process
const eyes = openEyes(env)
const deps = openFetch({ ...recordsOptions(env), observer: eyes.storage })

export const handler = openGateway(
  { ...deps, log: eyes.watched(deps.log) },
  { env, eyes, endpointsOf: fetchEndpoints, pages: [] },
)
