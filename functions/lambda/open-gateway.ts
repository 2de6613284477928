/** The handler of a function behind a front door, as its environment says. */
import type { WithCallers } from "../compose/functions/known-callers.ts"
import type { ServiceDependencies } from "../http/dependencies.ts"
import type { Eyes } from "./eyes.ts"
import { gateOf } from "./gates.ts"
import { type GatewayHandler, type GatewayOptions, gatewayHandler } from "./gateway-handler.ts"
import { accessChoice, type Environment, frontDoor } from "./settings.ts"

export interface FunctionParts<Deps> extends Pick<GatewayOptions<Deps>, "endpointsOf" | "pages"> {
  readonly env: Environment
  readonly eyes: Eyes
}

export function openGateway<Deps extends ServiceDependencies & WithCallers>(
  deps: Deps,
  { env, ...parts }: FunctionParts<Deps>,
): GatewayHandler {
  return gatewayHandler(deps, { ...parts, gateOf: gateOf(accessChoice(env), deps.callers), ...frontDoor(env) })
}
