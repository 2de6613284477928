import type { FetchDependencies } from "../../log/dependencies.ts"
import { createDynamoDbClients } from "../../storage/aws/dynamodb/client.ts"
import { fetchService } from "../fetch-service.ts"
import { knownCallers, type WithCallers } from "./known-callers.ts"
import { observed, type RecordsOptions } from "./options.ts"
import { readingStorage } from "./reading-storage.ts"

/** What reads records, over DynamoDB and S3. */
export function openFetch(options: RecordsOptions): FetchDependencies & WithCallers {
  const { table } = options
  const clients = createDynamoDbClients(observed(options))
  const { callers } = knownCallers({ clients, table }, options)
  return { ...fetchService(readingStorage({ clients, table }, options), options), callers }
}
