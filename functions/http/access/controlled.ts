/** Endpoints that manage access: where it is not controlled there is nothing to manage. */
import { problem, type Route } from "stratalog/protocol"
import type { Caller } from "../../access/caller.ts"
import type { AccessControl } from "../../access/control.ts"
import type { Clock } from "../../log/ports.ts"
import type { AdminDependencies } from "../dependencies.ts"
import { type Endpoint, type EndpointInput, endpoint, type Rule } from "../endpoint.ts"
import { type ApiResponse, problemResponse } from "../exchange.ts"

export type AccessDependencies = Pick<AdminDependencies, "access" | "clock">

/** What is there where access is controlled. */
export interface Controlled {
  readonly access: AccessControl
  readonly clock: Clock
}

/** Nothing is kept while everybody may do everything: somebody could make themselves a super-user before it is locked. */
export function controlledEndpoint<R extends Route>(
  route: R,
  rule: Rule<R>,
  { access, clock }: AccessDependencies,
  handle: (input: EndpointInput<R>, controlled: Controlled, caller: Caller) => Promise<ApiResponse>,
): Endpoint {
  return endpoint(route, rule, (input, _request, caller) =>
    access === undefined ? problemResponse(accessControlOff()) : handle(input, { access, clock }, caller),
  )
}

function accessControlOff() {
  const detail =
    "This service asks nobody who they are, so it keeps no keys and no access control lists. To have it ask: start the server with --auth required, or deploy with -c auth=key."
  return problem("access_control_off", detail)
}
