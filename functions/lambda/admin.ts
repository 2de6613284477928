/** The function that manages topics and groups, tells of the log, and answers whatever no other function serves. */
import { openAdmin } from "../compose/functions/open-admin.ts"
import { adminEndpoints } from "../http/endpoints/admin.ts"
import { openEyes } from "./eyes.ts"
import { openManagement } from "./open-management.ts"
import { bundledPages } from "./pages.ts"
import { adminOptions } from "./settings.ts"

const { env } = process
const eyes = openEyes(env)
const deps = openAdmin({ ...adminOptions(env), observer: eyes.storage })
const pages = bundledPages(new URL("./", import.meta.url), deps.version)

export const handler = openManagement(deps, { env, eyes, endpointsOf: adminEndpoints, pages })
