import type { FetchDependencies } from "../../log/dependencies.ts"
import { createDynamoDbClients } from "../../storage/aws/dynamodb/client.ts"
import { fetchService } from "../fetch-service.ts"
import { observed, type RecordsOptions } from "./options.ts"
import { readingStorage } from "./reading-storage.ts"

/** What reads records, over DynamoDB and S3. */
export function openFetch(options: RecordsOptions): FetchDependencies {
  const access = { clients: createDynamoDbClients(observed(options)), table: options.table }
  return fetchService(readingStorage(access, options), options)
}
