/** The functions of a deployment by their concerns: what each serves, and each as its handler. */
import type { AccessControl } from "../../../functions/access/control.ts"
import { adminService } from "../../../functions/compose/admin-service.ts"
import { consumeService } from "../../../functions/compose/consume-service.ts"
import { fetchService } from "../../../functions/compose/fetch-service.ts"
import type { IndexedOptions, IndexedStorage } from "../../../functions/compose/indexed-service.ts"
import { produceService } from "../../../functions/compose/produce-service.ts"
import type { EndpointsOf } from "../../../functions/http/api.ts"
import type { ApiDependencies } from "../../../functions/http/dependencies.ts"
import { adminEndpoints } from "../../../functions/http/endpoints/admin.ts"
import { fetchEndpoints } from "../../../functions/http/endpoints/fetch.ts"
import { pollEndpoints } from "../../../functions/http/endpoints/poll.ts"
import { produceEndpoints } from "../../../functions/http/endpoints/produce.ts"
import { openApiPage } from "../../../functions/http/openapi/page.ts"
import { everybody, type GateOf } from "../../../functions/lambda/gates.ts"
import { gatewayHandler } from "../../../functions/lambda/gateway-handler.ts"
import { documentPages } from "../../../functions/server/document-pages.ts"
import type { Concern } from "../../../infra/front-door/routes.ts"
import type { ByConcern } from "./doors.ts"

export const endpointsByConcern: Readonly<Record<Concern, EndpointsOf<ApiDependencies>>> = {
  produce: produceEndpoints,
  fetch: fetchEndpoints,
  poll: pollEndpoints,
  admin: adminEndpoints,
}

/** Whom they let in, and how that is managed. Absent: everybody. */
export interface Callers {
  readonly gateOf?: (concern: Concern) => GateOf
  readonly access?: AccessControl
}

/** They remember nothing together; `storageOf` may give all the same. */
export function handlersByConcern(
  storageOf: (concern: Concern) => IndexedStorage,
  options: IndexedOptions,
  { gateOf = () => everybody, access }: Callers = {},
): ByConcern {
  const none = { pages: [], corsOrigins: [] }
  const pages = [...documentPages(false), openApiPage(options.version)]
  const [produce, fetch, poll, admin] = [
    produceService(storageOf("produce"), options),
    fetchService(storageOf("fetch"), options),
    consumeService(storageOf("poll"), options),
    { ...adminService(storageOf("admin"), options), ...(access && { access }) },
  ]
  return {
    produce: gatewayHandler(produce, { ...none, endpointsOf: produceEndpoints, gateOf: gateOf("produce") }),
    fetch: gatewayHandler(fetch, { ...none, endpointsOf: fetchEndpoints, gateOf: gateOf("fetch") }),
    poll: gatewayHandler(poll, { ...none, endpointsOf: pollEndpoints, gateOf: gateOf("poll") }),
    admin: gatewayHandler(admin, { ...none, endpointsOf: adminEndpoints, pages, gateOf: gateOf("admin") }),
  }
}
