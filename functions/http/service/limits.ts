/** GET /v1/limits */
import { type Limits, routes } from "stratalog/protocol"
import { endpoint } from "../endpoint.ts"
import { json } from "../exchange.ts"

export function limitsEndpoint({ limits }: { readonly limits: Limits }) {
  return endpoint(routes.limits, () => json(200, limits))
}
