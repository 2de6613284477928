/** The function that serves the consumers of groups. */
import { openPoll } from "../compose/open-functions.ts"
import { pollEndpoints } from "../http/endpoints/poll.ts"
import { gatewayHandler } from "./gateway-handler.ts"
import { bucketOptions, frontDoor, tableOptions } from "./settings.ts"

const { env } = process
const deps = openPoll({ ...tableOptions(env), ...bucketOptions(env) })

export const handler = gatewayHandler(deps, { endpointsOf: pollEndpoints, pages: [], ...frontDoor(env) })
