/** POST /v1/producers */
import { problem, produceRoutes } from "stratalog/protocol"
import { type InitProducerDeps, initProducer } from "../../producers/init/init-producer.ts"
import { endpoint } from "../endpoint.ts"
import { json, problemResponse } from "../exchange.ts"
import { producerFenced, unavailable } from "../problems.ts"

export function initProducerEndpoint(deps: InitProducerDeps) {
  return endpoint(produceRoutes.initProducer, async ({ body }) => {
    const { id, epoch } = body.value
    const outcome = await initProducer(deps, id === undefined || epoch === undefined ? undefined : { id, epoch })
    switch (outcome.kind) {
      case "initialized":
        return json(200, { id: outcome.id, epoch: outcome.epoch })
      case "stale_epoch":
        return problemResponse(producerFenced(outcome.epoch))
      case "producer_not_found": {
        const detail = `Nobody was given the producer id ${outcome.id}: ask for a new one with an empty object.`
        return problemResponse(problem("producer_not_found", detail, { id: outcome.id }))
      }
      case "unavailable":
        return problemResponse(unavailable(outcome))
    }
  })
}
