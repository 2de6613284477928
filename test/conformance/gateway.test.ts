/** The conformance suite against the functions, through each front door, as the stack puts them behind it. */
import { portableCodecs } from "stratalog/record-batch"
import { afterAll, beforeAll, describe, it } from "vitest"
import { indexedService } from "../../functions/compose/indexed-service.ts"
import { allEndpoints } from "../../functions/http/endpoints/all.ts"
import { openApiPage } from "../../functions/http/openapi/page.ts"
import { everybody } from "../../functions/lambda/gates.ts"
import { gatewayHandler } from "../../functions/lambda/gateway-handler.ts"
import { lambdaLimits } from "../../functions/lambda/limits.ts"
import { documentPages } from "../../functions/server/document-pages.ts"
import { handlersByConcern } from "../fakes/front-doors/by-concern.ts"
import { type ByConcern, type Door, functionUrl, httpApi, restApi } from "../fakes/front-doors/doors.ts"
import { type Gateway, startGateway } from "../fakes/gateway.ts"
import { indexedInMemory } from "../fakes/indexed-storage.ts"
import { openTemporaryStorage, type TemporaryStorage } from "../fakes/temporary-storage.ts"
import { cases } from "./cases/index.ts"
import type { Target } from "./context.ts"
import { openTarget, runCase } from "./run.ts"

const options = { limits: lambdaLimits, codecs: portableCodecs(), version: "1.2.3" }
const pages = [...documentPages(false), openApiPage("1.2.3")]

/** Functions share their storage, and nothing that they remember. */
function byConcern(storage: TemporaryStorage): ByConcern {
  const shared = indexedInMemory(storage)
  return handlersByConcern(() => shared, options)
}

function combined(storage: TemporaryStorage) {
  return gatewayHandler(indexedService(indexedInMemory(storage), options).deps, {
    endpointsOf: allEndpoints,
    pages,
    gateOf: everybody,
    corsOrigins: [],
  })
}

const doors: readonly [string, (storage: TemporaryStorage) => Door][] = [
  ["an HTTP API", (storage) => httpApi(byConcern(storage))],
  ["a REST API", (storage) => restApi(byConcern(storage))],
  ["a function URL", (storage) => functionUrl(combined(storage))],
]

describe.each(doors)("what is behind %s keeps the contract", (_name, open) => {
  let storage: TemporaryStorage
  let gateway: Gateway
  let target: Target

  beforeAll(async () => {
    storage = openTemporaryStorage()
    gateway = await startGateway(open(storage))
    target = await openTarget(gateway.url, { gateway: true })
  })

  afterAll(async () => {
    target.client.close()
    await gateway.close()
    storage.dispose()
  })

  cases.forEach((each, number) => {
    if (each.unless?.({ limits: lambdaLimits, gateway: true, access: "off" }) !== undefined) return
    it(each.name, () => runCase(target, each, number))
  })
})
