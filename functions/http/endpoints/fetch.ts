/** What reads records, for whoever is in no group. */
import type { Endpoint } from "../endpoint.ts"
import { fetchMany } from "../records/fetch-many.ts"
import { fetchRecords } from "../records/fetch-records.ts"
import type { ReadDependencies } from "../records/wait.ts"
import { listOffsetsEndpoint } from "../topics/list-offsets.ts"

export function fetchEndpoints(deps: ReadDependencies): readonly Endpoint[] {
  return [fetchRecords(deps), fetchMany(deps), listOffsetsEndpoint(deps)]
}
