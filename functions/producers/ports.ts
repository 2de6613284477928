/** What producer ids ask of their storage. Contract suite: test/contract/producer-ids.ts. */
import type { Awaitable, Unavailable } from "../log/ports.ts"

export type AllocateOutcome = { readonly kind: "allocated"; readonly id: number; readonly epoch: number } | Unavailable

export type BumpEpochOutcome =
  | { readonly kind: "bumped"; readonly epoch: number }
  /** The producer's epoch is another one by now: somebody else took the id over. */
  | { readonly kind: "stale_epoch"; readonly epoch: number }
  | { readonly kind: "not_found" }
  | Unavailable

export interface ProducerIds {
  /** A producer id that nobody had before, with epoch 0. Ids are below 2^53. */
  allocate(): Awaitable<AllocateOutcome>
  /** The next epoch of `id`, on condition that `epoch` is its present one. Epochs end at 32767 (int16). */
  bumpEpoch(id: number, epoch: number): Awaitable<BumpEpochOutcome>
}
