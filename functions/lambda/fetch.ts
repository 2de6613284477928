/** The function that reads records. */
import { fetchEndpoints } from "../http/endpoints/fetch.ts"
import { gatewayHandler } from "./gateway-handler.ts"
import { openFunction } from "./open-function.ts"

const { deps, corsOrigins } = await openFunction(process.env)

export const handler = gatewayHandler(deps, { endpointsOf: fetchEndpoints, pages: [], corsOrigins })
