/** The function that serves the consumers of groups. */
import { pollEndpoints } from "../http/endpoints/poll.ts"
import { gatewayHandler } from "./gateway-handler.ts"
import { openFunction } from "./open-function.ts"

const { deps, corsOrigins } = await openFunction(process.env)

export const handler = gatewayHandler(deps, { endpointsOf: pollEndpoints, pages: [], corsOrigins })
