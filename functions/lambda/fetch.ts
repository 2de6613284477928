/** The function that reads records. */
import { openFetch } from "../compose/functions/open-fetch.ts"
import { fetchEndpoints } from "../http/endpoints/fetch.ts"
import { gateOf } from "./gates.ts"
import { gatewayHandler } from "./gateway-handler.ts"
import { accessChoice, frontDoor, recordsOptions } from "./settings.ts"

const { env } = process
const deps = openFetch(recordsOptions(env))

export const handler = gatewayHandler(deps, {
  endpointsOf: fetchEndpoints,
  pages: [],
  gateOf: gateOf(accessChoice(env), deps.callers),
  ...frontDoor(env),
})
