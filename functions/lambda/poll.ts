/** The function that serves the consumers of groups. */
import { openPoll } from "../compose/functions/open-poll.ts"
import { pollEndpoints } from "../http/endpoints/poll.ts"
import { openEyes } from "./eyes.ts"
import { openGateway } from "./open-gateway.ts"
import { recordsOptions } from "./settings.ts"

const { env } = process
const eyes = openEyes(env)
const deps = openPoll({ ...recordsOptions(env), observer: eyes.storage })

export const handler = openGateway(
  { ...deps, log: eyes.watched(deps.log) },
  { env, eyes, endpointsOf: pollEndpoints, pages: [] },
)
