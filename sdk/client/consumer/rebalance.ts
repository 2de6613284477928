/** Tells the application of partitions that come and go, one change after the other, and gives it time to finish. */
import type { Clock } from "../clock.ts"
import type { ConsumerSettings, MembershipOptions } from "./options.ts"
import type { OwnedPartition } from "./partition.ts"
import { byTopic } from "./partitions.ts"

export type RebalanceListeners = Pick<MembershipOptions, "onAssigned" | "onRevoked">

export class Rebalance {
  readonly #settings: ConsumerSettings
  readonly #listeners: RebalanceListeners
  readonly #clock: Clock
  readonly #onReady: () => void
  readonly #onGone: () => void
  readonly #onFailure: (error: unknown) => void
  #last: Promise<void> = Promise.resolve()

  /** `onReady`: records can be handed out. `onGone`: partitions can be given up. */
  constructor(
    settings: ConsumerSettings,
    listeners: RebalanceListeners,
    clock: Clock,
    onReady: () => void,
    onGone: () => void,
    onFailure: (error: unknown) => void,
  ) {
    this.#settings = settings
    this.#listeners = listeners
    this.#clock = clock
    this.#onReady = onReady
    this.#onGone = onGone
    this.#onFailure = onFailure
  }

  assigned(partitions: readonly OwnedPartition[]): void {
    void this.#queue(async () => {
      const here = partitions.filter(({ phase }) => phase === "assigned")
      if (here.length === 0) return
      for (const owned of here) owned.isAnnounced = true
      await this.#listeners.onAssigned?.(byTopic(here))
      for (const owned of here) if (owned.phase === "assigned") owned.phase = "active"
      this.#onReady()
    })
  }

  /** They become `released` once what is in hand of them is finished, or could not be in time. */
  revoked(partitions: readonly OwnedPartition[]): Promise<void> {
    for (const owned of partitions) owned.revoke()
    const deadline = this.#clock.now() + this.#settings.rebalanceTimeoutMs
    return this.#queue(async () => {
      await this.#finish(partitions, deadline, false)
      for (const owned of partitions) if (owned.phase === "revoking") owned.release()
      this.#onGone()
    })
  }

  /** Others may have them by now: whatever is in hand of them counts for nothing. */
  lost(partitions: readonly OwnedPartition[]): void {
    for (const owned of partitions) owned.lose()
    const deadline = this.#clock.now() + this.#settings.rebalanceTimeoutMs
    void this.#queue(() => this.#finish(partitions, deadline, true))
  }

  async #finish(partitions: readonly OwnedPartition[], deadline: number, lost: boolean): Promise<void> {
    await this.#by(deadline, Promise.all(partitions.map((owned) => owned.drained())))
    const told = partitions.filter((owned) => owned.isAnnounced && (owned.phase === "gone") === lost)
    if (told.length === 0) return
    for (const owned of told) owned.isAnnounced = false
    await this.#by(deadline, Promise.resolve(this.#listeners.onRevoked?.(byTopic(told), { lost })))
  }

  #queue(change: () => Promise<void>): Promise<void> {
    this.#last = this.#last.then(change).catch(this.#onFailure)
    return this.#last
  }

  /** Waits for `work`, but not beyond `deadline`. */
  async #by(deadline: number, work: Promise<unknown>): Promise<void> {
    const done = new AbortController()
    const late = this.#clock.sleep(Math.max(0, deadline - this.#clock.now()), done.signal).catch(() => undefined)
    try {
      await Promise.race([work, late])
    } finally {
      work.catch(() => undefined)
      done.abort()
    }
  }
}
