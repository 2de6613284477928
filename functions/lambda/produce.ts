/** The function that appends records. */
import { produceEndpoints } from "../http/endpoints/produce.ts"
import { gatewayHandler } from "./gateway-handler.ts"
import { openFunction } from "./open-function.ts"

const { deps, corsOrigins } = await openFunction(process.env)

export const handler = gatewayHandler(deps, { endpointsOf: produceEndpoints, pages: [], corsOrigins })
