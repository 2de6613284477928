/** Every endpoint, for a process that serves all of the API. */
import type { ApiDependencies } from "../dependencies.ts"
import type { Endpoint } from "../endpoint.ts"
import { sharedByGroups } from "../groups/shared-by-groups.ts"
import type { ReadDependencies } from "../records/wait.ts"
import { adminEndpoints } from "./admin.ts"
import { fetchEndpoints } from "./fetch.ts"
import { pollEndpoints } from "./poll.ts"
import { produceEndpoints } from "./produce.ts"

export function allEndpoints(deps: ApiDependencies & ReadDependencies): readonly Endpoint[] {
  const shared = sharedByGroups()
  return [
    ...produceEndpoints(deps),
    ...fetchEndpoints(deps),
    ...pollEndpoints(deps, shared),
    ...adminEndpoints(deps, shared),
  ]
}
