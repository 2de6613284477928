/** Runs a fetch with the wait that the request asked for. */
import type { FetchDependencies } from "../../log/dependencies.ts"
import { type FetchRequest, fetchPartitions, type PartitionFetch } from "../../log/fetch/fetch.ts"
import { type ApiRequest, Refusal } from "../exchange.ts"
import type { Patience, WaitingReaders } from "./patience.ts"

/** Where the HTTP API reads from. */
export interface ReadDependencies extends FetchDependencies {
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
  const patience = startWaiting(deps.waiting, Math.min(waitMs, deps.limits.maxWaitMs), caller)
  try {
    return await fetchPartitions(deps, request, patience.signal)
  } finally {
    patience.end()
  }
}

/** Throws a `Refusal` where no more readers may wait. */
export function startWaiting(
  waiting: WaitingReaders,
  milliseconds: number,
  caller: Pick<ApiRequest, "signal">,
): Patience {
  return waiting.wait(milliseconds, caller.signal()) ?? refuse(waiting)
}

/** For what does something before it waits: throws the same beforehand. */
export function requireRoomToWait(waiting: WaitingReaders): void {
  if (waiting.isFull) refuse(waiting)
}

function refuse({ count }: WaitingReaders): never {
  throw new Refusal("too_many_requests", `${count} readers wait already, as many as the service allows.`)
}
