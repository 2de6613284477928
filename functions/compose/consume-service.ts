/** Composes what serves the consumers of groups: it reads records, and writes of groups alone. */
import type { GroupStore } from "../groups/ports.ts"
import type { ConsumeDependencies } from "../http/dependencies.ts"
import { type FetchStorage, fetchService } from "./fetch-service.ts"
import { clock } from "./process-parts.ts"
import type { ServiceOptions } from "./service-options.ts"

export interface ConsumeStorage extends FetchStorage {
  readonly groups: GroupStore
}

export function consumeService(storage: ConsumeStorage, options: ServiceOptions): ConsumeDependencies {
  // Many processes share the sessions, and the monotonic clock of a frozen one stands still.
  return { ...fetchService(storage, options), groups: storage.groups, clock, sessionClock: clock }
}
