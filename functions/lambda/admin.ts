/** The function that manages topics and groups, tells of the log, and answers whatever no other function serves. */
import { openAdmin } from "../compose/open-functions.ts"
import { adminEndpoints } from "../http/endpoints/admin.ts"
import { gatewayHandler } from "./gateway-handler.ts"
import { bundledPages } from "./pages.ts"
import { frontDoor, tableOptions } from "./settings.ts"

const { env } = process
const deps = openAdmin(tableOptions(env))
const pages = bundledPages(new URL("./", import.meta.url), deps.version)

export const handler = gatewayHandler(deps, { endpointsOf: adminEndpoints, pages, ...frontDoor(env) })
