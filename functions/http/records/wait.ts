/** Runs a fetch with the wait that the request asked for. */

import type { Caller } from "../../access/caller.ts"
import type { FetchDependencies } from "../../log/dependencies.ts"
import { type FetchRequest, fetchPartitions, type PartitionFetch } from "../../log/fetch/fetch.ts"
import type { Gate } from "../access/gate.ts"
import { type ApiRequest, Refusal } from "../exchange.ts"
import type { Patience, Waiter, WaitingReaders } from "./patience.ts"

/** Where the HTTP API reads from. */
export interface ReadDependencies extends FetchDependencies {
  readonly waiting: WaitingReaders
  /** For what goes on after its request was let in. */
  readonly gate: Gate
}

export function waiterOf(caller: Caller, { signal }: Pick<ApiRequest, "signal">): Waiter {
  return { name: caller.proof.kind === "off" ? undefined : caller.name, signal }
}

/** A longer wait than the service allows is cut to what it allows: the answer then says that nothing came, and the reader asks again. */
export async function fetchWithWait(
  deps: ReadDependencies,
  request: FetchRequest,
  waitMs: number,
  waiter: Waiter,
): Promise<readonly PartitionFetch[]> {
  if (waitMs === 0 || request.minBytes === 0) return fetchPartitions(deps, request, undefined)
  const patience = startWaiting(deps.waiting, Math.min(waitMs, deps.limits.maxWaitMs), waiter)
  try {
    return await fetchPartitions(deps, request, patience.signal)
  } finally {
    patience.end()
  }
}

/** Throws a `Refusal` where no more readers may wait. */
export function startWaiting(waiting: WaitingReaders, milliseconds: number, waiter: Waiter): Patience {
  return waiting.wait(milliseconds, waiter) ?? refuse(waiting, waiter)
}

/** For what does something before it waits: throws the same beforehand. */
export function requireRoomToWait(waiting: WaitingReaders, waiter: Waiter): void {
  if (waiting.isFull(waiter) !== undefined) refuse(waiting, waiter)
}

function refuse(waiting: WaitingReaders, { name }: Waiter): never {
  const detail =
    name !== undefined && waiting.isFull({ name }) === "for the caller"
      ? `${waiting.countOf(name)} readers of ${name} wait already, as many as one caller may have.`
      : `${waiting.count} readers wait already, as many as the service allows.`
  throw new Refusal("too_many_requests", detail)
}
