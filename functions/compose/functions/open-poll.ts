import type { ConsumeDependencies } from "../../http/dependencies.ts"
import { createDynamoDbClients } from "../../storage/aws/dynamodb/client.ts"
import { createGroupStore } from "../../storage/aws/dynamodb/groups/group-store.ts"
import { consumeService } from "../consume-service.ts"
import { knownCallers, type WithCallers } from "./known-callers.ts"
import { observed, type RecordsOptions } from "./options.ts"
import { readingStorage } from "./reading-storage.ts"

/** What serves the consumers of groups, over DynamoDB and S3. */
export function openPoll(options: RecordsOptions): ConsumeDependencies & WithCallers {
  const { table } = options
  const clients = createDynamoDbClients(observed(options))
  const groups = createGroupStore(clients, table)
  const { callers } = knownCallers({ clients, table }, options)
  return { ...consumeService({ ...readingStorage({ clients, table }, options), groups }, options), callers }
}
