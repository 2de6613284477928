/** The producer's id and epoch. */
import type { ProducerId } from "../../protocol/schemas/service.ts"
import { ProducerFencedError, type StratalogError } from "../errors.ts"
import { parseJson, type Transport } from "../transport.ts"

export class ProducerIdentity {
  readonly #transport: Transport
  readonly #requestTimeoutMs: number
  #present: ProducerId | undefined
  /** A request for the epoch after the present one lost its answer: it may have been given out. */
  #mayBeBumped = false
  #pending: Promise<ProducerId> | undefined

  constructor(transport: Transport, requestTimeoutMs: number) {
    this.#transport = transport
    this.#requestTimeoutMs = requestTimeoutMs
  }

  isNewest(producer: ProducerId): boolean {
    return this.#present !== undefined && isSame(this.#present, producer)
  }

  /**
   * The id and epoch, newer than `lost` where that is given. One request serves all who wait. Rejects with what the
   * request failed with; the next call tries again.
   */
  async acquire(lost?: ProducerId): Promise<ProducerId> {
    const present = this.#present
    if (present !== undefined && (lost === undefined || !isSame(present, lost))) return present
    this.#pending ??= this.#request(present).finally(() => {
      this.#pending = undefined
    })
    return this.#pending
  }

  async #request(present: ProducerId | undefined): Promise<ProducerId> {
    const given = await this.#init(present ?? {})
    if (given.kind === "given") return this.#adopt(given.producer)
    // Nobody else knows this id. If an earlier request may have been answered, then the epoch it got is ours.
    const { error } = given
    if (present === undefined || !this.#mayBeBumped || !(error instanceof ProducerFencedError)) throw error
    this.#mayBeBumped = false
    this.#present = { id: present.id, epoch: present.epoch + 1 }
    return this.#request(this.#present)
  }

  async #init(
    body: ProducerId | Record<string, never>,
  ): Promise<{ kind: "given"; producer: ProducerId } | { kind: "failed"; error: StratalogError }> {
    const request = { method: "POST", path: "/v1/producers", json: body } as const
    const before = this.#mayBeBumped
    this.#mayBeBumped = true
    const result = await this.#transport.attempt(request, this.#requestTimeoutMs)
    if (result.kind === "answered") return { kind: "given", producer: parseJson<ProducerId>(request, result.answer) }
    if (result.error.sideEffects === "none") this.#mayBeBumped = before
    return result
  }

  #adopt(producer: ProducerId): ProducerId {
    this.#mayBeBumped = false
    this.#present = producer
    return producer
  }
}

/** Epochs only grow, and after the last one comes another id: what differs from the past is newer. */
function isSame(one: ProducerId, other: ProducerId): boolean {
  return one.id === other.id && one.epoch === other.epoch
}
