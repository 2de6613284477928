/** GET /v1/limits */
import { type Limits, serviceRoutes } from "stratalog/protocol"
import { endpoint } from "../endpoint.ts"
import { json } from "../exchange.ts"

export function limitsEndpoint({ limits }: { readonly limits: Limits }) {
  return endpoint(serviceRoutes.limits, () => json(200, limits))
}
