/** The function that manages topics and groups, tells of the log, and answers whatever no other function serves. */
import { openAdmin } from "../compose/functions/open-admin.ts"
import { adminEndpoints } from "../http/endpoints/admin.ts"
import { gatewayHandler } from "./gateway-handler.ts"
import { bundledPages } from "./pages.ts"
import { adminOptions, frontDoor } from "./settings.ts"

const { env } = process
const deps = openAdmin(adminOptions(env))
const pages = bundledPages(new URL("./", import.meta.url), deps.version)

export const handler = gatewayHandler(deps, { endpointsOf: adminEndpoints, pages, ...frontDoor(env) })
