/** The function that manages topics and groups, tells of the log, and answers whatever no other function serves. */
import { adminEndpoints } from "../http/endpoints/admin.ts"
import { gatewayHandler } from "./gateway-handler.ts"
import { openFunction } from "./open-function.ts"
import { bundledPages } from "./pages.ts"

const { deps, version, corsOrigins } = await openFunction(process.env)
const pages = bundledPages(new URL("./", import.meta.url), version)

export const handler = gatewayHandler(deps, { endpointsOf: adminEndpoints, pages, corsOrigins })
