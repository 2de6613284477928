/** What writes records. */
import type { ProduceDependencies } from "../dependencies.ts"
import type { Endpoint } from "../endpoint.ts"
import { initProducerEndpoint } from "../producers/init-producer.ts"
import { produceMany } from "../records/produce-many.ts"
import { produceToPartition } from "../records/produce-to-partition.ts"
import { produceToTopic } from "../records/produce-to-topic.ts"

export function produceEndpoints(deps: ProduceDependencies): readonly Endpoint[] {
  return [produceToTopic(deps), produceToPartition(deps), produceMany(deps), initProducerEndpoint(deps)]
}
