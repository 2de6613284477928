/** The function that reads records. */
import { openFetch } from "../compose/open-functions.ts"
import { fetchEndpoints } from "../http/endpoints/fetch.ts"
import { gatewayHandler } from "./gateway-handler.ts"
import { bucketOptions, frontDoor, tableOptions } from "./settings.ts"

const { env } = process
const deps = openFetch({ ...tableOptions(env), ...bucketOptions(env) })

export const handler = gatewayHandler(deps, { endpointsOf: fetchEndpoints, pages: [], ...frontDoor(env) })
