/** The whole API in one function, for a front door that knows only one. */
import { allEndpoints } from "../http/endpoints/all.ts"
import { gatewayHandler } from "./gateway-handler.ts"
import { openFunction } from "./open-function.ts"
import { bundledPages } from "./pages.ts"

const { deps, version, corsOrigins } = await openFunction(process.env)
const pages = bundledPages(new URL("./", import.meta.url), version)

export const handler = gatewayHandler(deps, { endpointsOf: allEndpoints, pages, corsOrigins })
