/** What producer ids ask of their storage. Contract suite: test/contract/producer-ids.ts. */
import type { Awaitable, Unavailable } from "../log/ports.ts"

/** The last epoch of a producer id: epochs are int16 on the wire. */
export const MAX_PRODUCER_EPOCH = 32_767

export type AllocateOutcome = { readonly kind: "allocated"; readonly id: number; readonly epoch: number } | Unavailable

export type BumpEpochOutcome =
  | { readonly kind: "bumped"; readonly epoch: number }
  /** The producer's epoch is another one by now: somebody else took the id over. */
  | { readonly kind: "stale_epoch"; readonly epoch: number }
  /** `epoch` is the present one and the last there is: the producer needs another id. */
  | { readonly kind: "exhausted" }
  | { readonly kind: "not_found" }
  | Unavailable

export interface ProducerIds {
  /** A producer id that nobody had before, whatever crashed since, with epoch 0. From 1 and below 2^53. */
  allocate(): Awaitable<AllocateOutcome>
  /** The next epoch of `id`, on condition that `epoch` is its present one. Durable when it answers. */
  bumpEpoch(id: number, epoch: number): Awaitable<BumpEpochOutcome>
}
