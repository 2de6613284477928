/** The handler of a function that manages who may do what, and makes the first key, too. */
import type { WithAccessStore, WithCallers } from "../compose/functions/known-callers.ts"
import type { ServiceDependencies } from "../http/dependencies.ts"
import { accessControl } from "./access-control.ts"
import { answerFirstKey, firstKeyMaker } from "./first-key.ts"
import { type FunctionParts, openGateway } from "./open-gateway.ts"
import { accessChoice } from "./settings.ts"

export function openManagement<Deps extends ServiceDependencies & WithCallers & WithAccessStore>(
  deps: Deps,
  parts: FunctionParts<Deps>,
) {
  const choice = accessChoice(parts.env)
  const gateway = openGateway({ ...deps, ...accessControl(choice, deps.accessStore) }, parts)
  return answerFirstKey(gateway, firstKeyMaker(choice, deps.accessStore))
}
