import type { ConsumeDependencies } from "../../http/dependencies.ts"
import { createDynamoDbClients } from "../../storage/aws/dynamodb/client.ts"
import { createGroupStore } from "../../storage/aws/dynamodb/groups/group-store.ts"
import { consumeService } from "../consume-service.ts"
import { observed, type RecordsOptions } from "./options.ts"
import { readingStorage } from "./reading-storage.ts"

/** What serves the consumers of groups, over DynamoDB and S3. */
export function openPoll(options: RecordsOptions): ConsumeDependencies {
  const { table } = options
  const clients = createDynamoDbClients(observed(options))
  const groups = createGroupStore(clients, table)
  return consumeService({ ...readingStorage({ clients, table }, options), groups }, options)
}
