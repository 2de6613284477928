import type { Unavailable } from "../../log/ports.ts"
import type { ProducerIds } from "../ports.ts"

export interface InitProducerDeps {
  readonly producers: ProducerIds
}

/** The producer id and present epoch of somebody who wants its next epoch. */
export interface PresentProducer {
  readonly id: number
  readonly epoch: number
}

export type InitProducerResult =
  | { readonly kind: "initialized"; readonly id: number; readonly epoch: number }
  /** The id is at this later epoch: somebody else took it over, or the answer to an earlier call was lost. */
  | { readonly kind: "stale_epoch"; readonly epoch: number }
  | { readonly kind: "producer_not_found"; readonly id: number }
  | Unavailable

/**
 * Kafka's InitProducerId: a new id at epoch 0, or the next epoch of a producer that must start its sequences again
 * (KIP-360). A producer in its last epoch gets a new id.
 */
export async function initProducer(deps: InitProducerDeps, present?: PresentProducer): Promise<InitProducerResult> {
  if (present === undefined) return newProducer(deps)
  const outcome = await deps.producers.bumpEpoch(present.id, present.epoch)
  switch (outcome.kind) {
    case "bumped":
      return { kind: "initialized", id: present.id, epoch: outcome.epoch }
    case "exhausted":
      return newProducer(deps)
    case "not_found":
      return { kind: "producer_not_found", id: present.id }
    default:
      return outcome
  }
}

async function newProducer(deps: InitProducerDeps): Promise<InitProducerResult> {
  const outcome = await deps.producers.allocate()
  return outcome.kind === "allocated" ? { kind: "initialized", id: outcome.id, epoch: outcome.epoch } : outcome
}
