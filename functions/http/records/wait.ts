/** Runs a fetch with the wait that the request asked for. */
import type { LogDependencies } from "../../log/dependencies.ts"
import { type FetchRequest, fetchPartitions, type PartitionFetch } from "../../log/fetch/fetch.ts"
import { type ApiRequest, Refusal } from "../exchange.ts"
import type { WaitingReaders } from "./patience.ts"

/** Where the HTTP API reads from. */
export interface ReadDependencies extends LogDependencies {
  readonly waiting: WaitingReaders
}

/** A longer wait than the service allows is cut to what it allows: the answer then says that nothing came, and the reader asks again. */
export async function fetchWithWait(
  deps: ReadDependencies,
  request: FetchRequest,
  waitMs: number,
  caller: Pick<ApiRequest, "signal">,
): Promise<readonly PartitionFetch[]> {
  if (waitMs === 0 || request.minBytes === 0) return fetchPartitions(deps, request, undefined)
  const patience = deps.waiting.wait(Math.min(waitMs, deps.limits.maxWaitMs), caller.signal())
  if (patience === undefined) {
    throw new Refusal("too_many_requests", `${deps.waiting.count} readers wait already, as many as the service allows.`)
  }
  try {
    return await fetchPartitions(deps, request, patience.signal)
  } finally {
    patience.end()
  }
}
