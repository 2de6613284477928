import type { ApiDependencies } from "../../http/dependencies.ts"
import { createIndexedLog } from "../../partitions/indexed-log.ts"
import { createDynamoDbClients } from "../../storage/aws/dynamodb/client.ts"
import { apiDependencies } from "../api-dependencies.ts"
import { partitionsDeps } from "../partitions-deps.ts"
import { tableStorage } from "../table-storage.ts"
import { knownCallers, type WithAccessStore, type WithCallers } from "./known-callers.ts"
import { lateObjects } from "./late-objects.ts"
import { observed, type RecordsOptions } from "./options.ts"

/** All of the API, for the one function behind a front door that knows only one. */
export function openApi(options: RecordsOptions): ApiDependencies & WithCallers & WithAccessStore {
  const { table } = options
  const clients = createDynamoDbClients(observed(options))
  const storage = { ...tableStorage({ clients, table }), objects: lateObjects(options) }
  return {
    ...apiDependencies(createIndexedLog(partitionsDeps(storage, options)), storage, options),
    ...knownCallers({ clients, table }, options),
  }
}
