/** The function that serves the consumers of groups. */
import { openPoll } from "../compose/functions/open-poll.ts"
import { pollEndpoints } from "../http/endpoints/poll.ts"
import { gateOf } from "./gates.ts"
import { gatewayHandler } from "./gateway-handler.ts"
import { accessChoice, frontDoor, recordsOptions } from "./settings.ts"

const { env } = process
const deps = openPoll(recordsOptions(env))

export const handler = gatewayHandler(deps, {
  endpointsOf: pollEndpoints,
  pages: [],
  gateOf: gateOf(accessChoice(env), deps.callers),
  ...frontDoor(env),
})
