/** The function that manages topics and groups, tells of the log, and answers whatever no other function serves. */
import { openAdmin } from "../compose/functions/open-admin.ts"
import { adminEndpoints } from "../http/endpoints/admin.ts"
import { accessControl } from "./access-control.ts"
import { openEyes } from "./eyes.ts"
import { answerFirstKey, firstKeyMaker } from "./first-key.ts"
import { gateOf } from "./gates.ts"
import { gatewayHandler } from "./gateway-handler.ts"
import { bundledPages } from "./pages.ts"
import { accessChoice, adminOptions, frontDoor } from "./settings.ts"

const { env } = process
const eyes = openEyes(env)
const deps = openAdmin({ ...adminOptions(env), observer: eyes.storage })
const pages = bundledPages(new URL("./", import.meta.url), deps.version)

const choice = accessChoice(env)
const gateway = gatewayHandler(
  { ...deps, ...accessControl(choice, deps.accessStore) },
  {
    endpointsOf: adminEndpoints,
    pages,
    eyes,
    gateOf: gateOf(choice, deps.callers),
    ...frontDoor(env),
  },
)

export const handler = answerFirstKey(gateway, firstKeyMaker(choice, deps.accessStore))
