import { AsyncLocalStorage } from "node:async_hooks"
import type { ExchangeObserver } from "../http/api.ts"

export interface RequestContext {
  readonly around: NonNullable<ExchangeObserver["around"]>
  /** Of the request that led here. What several requests share, such as one commit of their batches, is the first one's. */
  readonly requestId: () => string | undefined
}

/** Knows in whatever a request sets going which it is: only storage that is elsewhere asks, as this takes time. */
export function requestContext(): RequestContext {
  const ids = new AsyncLocalStorage<string>()
  return { around: (requestId, work) => ids.run(requestId, work), requestId: () => ids.getStore() }
}
