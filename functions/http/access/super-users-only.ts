import type { Caller } from "../../access/caller.ts"
import { Refusal } from "../exchange.ts"

/** For what no permission gives. `what`: completes "is not allowed to". */
export function superUsersOnly({ name }: Pick<Caller, "name">, what: string): Refusal {
  return new Refusal("not_authorized", `${name} is not allowed to ${what}: only super-users are.`, { denied: [] })
}
