/** The conformance suite against the Lambda handler, through a front door of each payload format. */
import { portableCodecs } from "stratalog/record-batch"
import { afterAll, beforeAll, describe, it } from "vitest"
import { openApiPage } from "../../functions/http/openapi/page.ts"
import { gatewayHandler } from "../../functions/lambda/gateway-handler.ts"
import { lambdaLimits } from "../../functions/lambda/limits.ts"
import { documentPages } from "../../functions/server/document-pages.ts"
import { type Gateway, startGateway } from "../fakes/gateway.ts"
import { type HttpApi, openHttpApi } from "../fakes/http-api.ts"
import { cases } from "./cases/index.ts"
import type { Target } from "./context.ts"
import { openTarget, runCase } from "./run.ts"

describe.each(["1.0", "2.0"] as const)("the Lambda handler keeps the contract, payload format %s", (format) => {
  let service: HttpApi
  let gateway: Gateway
  let target: Target

  beforeAll(async () => {
    service = openHttpApi({ limits: lambdaLimits, codecs: portableCodecs(), clock: { now: Date.now } })
    const pages = [...documentPages(), openApiPage("1.2.3")]
    gateway = await startGateway(gatewayHandler(service.deps, { pages, corsOrigins: [] }), format)
    target = await openTarget(gateway.url, { gateway: true })
  })

  afterAll(async () => {
    target.client.close()
    await gateway.close()
    service.dispose()
  })

  cases.forEach((each, number) => {
    if (each.unless?.({ limits: lambdaLimits, gateway: true }) !== undefined) return
    it(each.name, () => runCase(target, each, number))
  })
})
