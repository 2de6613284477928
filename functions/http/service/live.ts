/** GET /v1/health/live */
import { serviceRoutes } from "stratalog/protocol"
import { serviceRules } from "../access/rules.ts"
import type { AdminDependencies } from "../dependencies.ts"
import { endpoint } from "../endpoint.ts"
import { json } from "../exchange.ts"

/** An answer about this moment. */
export const fresh = { "cache-control": "no-store" }

export function liveEndpoint({ version }: Pick<AdminDependencies, "version">) {
  return endpoint(serviceRoutes.live, serviceRules.live, () => json(200, { status: "ok", version }, fresh))
}
