/** The conformance suite against the Lambda handler, through a front door of each payload format. */
import { portableCodecs } from "stratalog/record-batch"
import { afterAll, beforeAll, describe, it } from "vitest"
import { indexedService } from "../../functions/compose/indexed-service.ts"
import type { ApiDependencies } from "../../functions/http/dependencies.ts"
import { allEndpoints } from "../../functions/http/endpoints/all.ts"
import { openApiPage } from "../../functions/http/openapi/page.ts"
import { gatewayHandler } from "../../functions/lambda/gateway-handler.ts"
import { lambdaLimits } from "../../functions/lambda/limits.ts"
import { documentPages } from "../../functions/server/document-pages.ts"
import { indexSizes } from "../../functions/storage/aws/dynamodb/index-sizes.ts"
import { type Gateway, startGateway } from "../fakes/gateway.ts"
import { MemoryObjectStore } from "../fakes/memory-object-store.ts"
import { createMemoryPartitionIndex } from "../fakes/memory-partition-index.ts"
import { createMemorySegmentIndex } from "../fakes/memory-segment-index.ts"
import { openTemporaryStorage, type TemporaryStorage } from "../fakes/temporary-storage.ts"
import { cases } from "./cases/index.ts"
import type { Target } from "./context.ts"
import { openTarget, runCase } from "./run.ts"

/** The append protocol over an index and objects in memory; SQLite has the rest. */
function inMemory(storage: TemporaryStorage): ApiDependencies {
  const index = createMemoryPartitionIndex()
  const segments = createMemorySegmentIndex()
  const parts = { ...storage, index, segments, sizes: indexSizes, objects: new MemoryObjectStore() }
  return indexedService(parts, { limits: lambdaLimits, codecs: portableCodecs(), version: "1.2.3" }).deps
}

describe.each(["1.0", "2.0"] as const)("the Lambda handler keeps the contract, payload format %s", (format) => {
  let storage: TemporaryStorage
  let gateway: Gateway
  let target: Target

  beforeAll(async () => {
    storage = openTemporaryStorage()
    const pages = [...documentPages(), openApiPage("1.2.3")]
    gateway = await startGateway(
      gatewayHandler(inMemory(storage), { endpointsOf: allEndpoints, pages, corsOrigins: [] }),
      format,
    )
    target = await openTarget(gateway.url, { gateway: true })
  })

  afterAll(async () => {
    target.client.close()
    await gateway.close()
    storage.dispose()
  })

  cases.forEach((each, number) => {
    if (each.unless?.({ limits: lambdaLimits, gateway: true }) !== undefined) return
    it(each.name, () => runCase(target, each, number))
  })
})
