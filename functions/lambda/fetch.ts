/** The function that reads records. */
import { openFetch } from "../compose/functions/open-fetch.ts"
import { fetchEndpoints } from "../http/endpoints/fetch.ts"
import { openEyes } from "./eyes.ts"
import { gateOf } from "./gates.ts"
import { gatewayHandler } from "./gateway-handler.ts"
import { accessChoice, frontDoor, recordsOptions } from "./settings.ts"

const { env } = process
const eyes = openEyes(env)
const deps = openFetch({ ...recordsOptions(env), observer: eyes.storage })

export const handler = gatewayHandler(
  { ...deps, log: eyes.watched(deps.log) },
  {
    endpointsOf: fetchEndpoints,
    pages: [],
    eyes,
    gateOf: gateOf(accessChoice(env), deps.callers),
    ...frontDoor(env),
  },
)
