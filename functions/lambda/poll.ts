/** The function that serves the consumers of groups. */
import { openPoll } from "../compose/functions/open-poll.ts"
import { pollEndpoints } from "../http/endpoints/poll.ts"
import { openEyes } from "./eyes.ts"
import { gateOf } from "./gates.ts"
import { gatewayHandler } from "./gateway-handler.ts"
import { accessChoice, frontDoor, recordsOptions } from "./settings.ts"

const { env } = process
const eyes = openEyes(env)
const deps = openPoll({ ...recordsOptions(env), observer: eyes.storage })

export const handler = gatewayHandler(
  { ...deps, log: eyes.watched(deps.log) },
  {
    endpointsOf: pollEndpoints,
    pages: [],
    eyes,
    gateOf: gateOf(accessChoice(env), deps.callers),
    ...frontDoor(env),
  },
)
