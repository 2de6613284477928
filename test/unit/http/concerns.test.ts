/** The functions by concern: together they serve the API, none of them a part of another's. */
import { type Route, routes } from "stratalog/protocol"
import { afterAll, describe, expect, it } from "vitest"
import { openGate } from "../../../functions/http/access/gate.ts"
import type { EndpointsOf } from "../../../functions/http/api.ts"
import type { ApiDependencies } from "../../../functions/http/dependencies.ts"
import { allEndpoints } from "../../../functions/http/endpoints/all.ts"
import { WaitingReaders } from "../../../functions/http/records/patience.ts"
import { everybody } from "../../../functions/lambda/gates.ts"
import { gatewayHandler } from "../../../functions/lambda/gateway-handler.ts"
import { endpointsByConcern } from "../../fakes/front-doors/by-concern.ts"
import { openHttpApi } from "../../fakes/http-api.ts"

const { deps, dispose } = openHttpApi()
afterAll(dispose)

const idsOf = (endpointsOf: EndpointsOf<ApiDependencies>) =>
  endpointsOf({ ...deps, waiting: new WaitingReaders({ most: 1, mostOfOne: 1 }), gate: openGate }).map(
    ({ route }) => route.id,
  )

describe("the concerns", () => {
  it("serve every route, each of them one", () => {
    const served = Object.values(endpointsByConcern).flatMap(idsOf)
    expect(served.toSorted()).toEqual(Object.keys(routes).toSorted())
    expect(idsOf(allEndpoints).toSorted()).toEqual(served.toSorted())
  })

  it.each(Object.entries(endpointsByConcern))("answer for all paths of the API: %s", async (_name, endpointsOf) => {
    const handler = gatewayHandler(deps, { endpointsOf, pages: [], gateOf: everybody, corsOrigins: [] })
    const own = idsOf(endpointsOf)
    for (const route of Object.values<Route>(routes)) {
      const path = route.path.replace("{partition}", "0").replaceAll(/\{\w+\}/g, "x")
      const options = await send(handler, "OPTIONS", path)
      expect(options.statusCode).toBe(204)
      expect(options.headers["allow"]?.split(", ")).toContain(route.method)
      const wrong = await send(handler, "PROPFIND", path)
      expect(JSON.parse(wrong.body).code).toBe("method_not_allowed")
      expect(wrong.headers["allow"]).toBe(options.headers["allow"])
      if (own.includes(route.id)) continue
      const another = await send(handler, route.method, path)
      expect(JSON.parse(another.body)).toMatchObject({
        code: "route_not_found",
        detail: expect.stringContaining("another part"),
      })
    }
  })
})

function send(handler: ReturnType<typeof gatewayHandler>, method: string, rawPath: string) {
  const requestContext = { stage: "$default", http: { method } }
  const context = { awsRequestId: "invocation-1", getRemainingTimeInMillis: () => 10_000 }
  return handler({ version: "2.0", rawPath, rawQueryString: "", headers: {}, requestContext }, context)
}
