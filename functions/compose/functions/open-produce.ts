import type { ProduceDependencies } from "../../http/dependencies.ts"
import { createDynamoDbClients } from "../../storage/aws/dynamodb/client.ts"
import { indexSizes } from "../../storage/aws/dynamodb/index-sizes.ts"
import { createAppendIndex } from "../../storage/aws/dynamodb/partition-index/partition-index.ts"
import { createProducerIds } from "../../storage/aws/dynamodb/producer-ids.ts"
import { createTopicStore } from "../../storage/aws/dynamodb/topics.ts"
import { produceService } from "../produce-service.ts"
import { knownCallers, type WithCallers } from "./known-callers.ts"
import { lateObjects } from "./late-objects.ts"
import { observed, type RecordsOptions } from "./options.ts"

/** What appends records, over DynamoDB and S3. */
export function openProduce(options: RecordsOptions): ProduceDependencies & WithCallers {
  const { table } = options
  const clients = createDynamoDbClients(observed(options))
  const storage = {
    index: createAppendIndex({ clients, table }),
    sizes: indexSizes,
    objects: lateObjects(options),
    topics: createTopicStore(clients, table),
    producers: createProducerIds(clients, table),
  }
  const { callers } = knownCallers({ clients, table }, options)
  return { ...produceService(storage, options), callers }
}
