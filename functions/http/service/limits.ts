/** GET /v1/limits */
import { type Limits, serviceRoutes } from "stratalog/protocol"
import { serviceRules } from "../access/rules.ts"
import { endpoint } from "../endpoint.ts"
import { json } from "../exchange.ts"

export function limitsEndpoint({ limits }: { readonly limits: Limits }) {
  return endpoint(serviceRoutes.limits, serviceRules.limits, () => json(200, limits))
}
