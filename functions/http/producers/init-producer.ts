/** POST /v1/producers */
import { problem, produceRoutes } from "stratalog/protocol"
import { ALL } from "../../access/acl.ts"
import type { Caller } from "../../access/caller.ts"
import { type InitProducerDeps, initProducer } from "../../producers/init/init-producer.ts"
import { produceRules } from "../access/rules.ts"
import { endpoint } from "../endpoint.ts"
import { json, problemResponse, Refusal } from "../exchange.ts"
import { producerFenced, unavailable } from "../problems.ts"

const WRITE = { operation: "write", resourceType: "topic" } as const

export function initProducerEndpoint(deps: InitProducerDeps) {
  return endpoint(produceRoutes.initProducer, produceRules.initProducer, async ({ body }, _request, caller) => {
    // As in Kafka: who may write nowhere has no use for an id.
    if (!caller.allowsSomewhere(WRITE)) throw deniedEverywhere(caller)
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

/** For which topic the id is meant, the request does not say: whoever reads this is not to allow all of them. */
function deniedEverywhere(caller: Caller): Refusal {
  const detail = `${caller.name} is not allowed to write on any topic: a producer needs that on the topics that it produces to, and on no others.`
  const denied = [{ ...WRITE, resourceName: ALL }]
  return new Refusal("not_authorized", detail, { principal: caller.name, denied })
}
