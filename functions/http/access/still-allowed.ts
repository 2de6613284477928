/** For what goes on after its request was let in: meanwhile keys are revoked, tokens end, and permissions are taken back. */
import type { Route } from "stratalog/protocol"
import type { Caller } from "../../access/caller.ts"
import type { EndpointInput, Rule } from "../endpoint.ts"
import type { ApiRequest } from "../exchange.ts"
import { requireAllowed } from "./denied.ts"
import type { Gate } from "./gate.ts"

/** Who sent the request, as they are known by now. Throws a `Refusal` once they may not have what it asks for any more. */
export async function stillAllowed<R extends Route>(
  gate: Gate,
  request: ApiRequest,
  rule: Rule<R>,
  input: EndpointInput<R>,
): Promise<Caller> {
  const caller = await gate(request)
  if (!caller.superUser) requireAllowed(caller, rule(input))
  return caller
}
