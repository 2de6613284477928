/** Tells whoever waits in this process that something happened in its group, so that nobody asks storage again and again. */

/** One member's wait. */
export interface GroupWatch {
  /** Aborts once the group has changed, or the member sent a later request. */
  readonly signal: AbortSignal
  /** The member sent a later request: this one is to end. */
  readonly overtaken: boolean
  /** The group was read with this epoch: from here on the signal tells of later ones only. */
  renew(epoch: number): void
  end(): void
}

export class GroupChanges {
  readonly #watches = new Map<string, Set<Watch>>()

  /** `number`: the request's. Begin before the group is read, so that no change falls in between. */
  watch(group: string, memberId: string, number: number): GroupWatch {
    const watches = this.#watches.get(group) ?? new Set()
    this.#watches.set(group, watches)
    const watch = new Watch(memberId, number, () => {
      watches.delete(watch)
      if (watches.size === 0 && this.#watches.get(group) === watches) this.#watches.delete(group)
    })
    watches.add(watch)
    return watch
  }

  /** The state of the group is another one, of this epoch. */
  changed(group: string, epoch: number): void {
    for (const watch of this.#watches.get(group) ?? []) watch.wake(epoch)
  }

  /** A request of a member came: those of it that are older need not wait any longer. */
  came(group: string, memberId: string, number: number): void {
    for (const watch of this.#watches.get(group) ?? []) watch.overtake(memberId, number)
  }
}

class Watch implements GroupWatch {
  readonly end: () => void
  readonly #memberId: string
  readonly #number: number
  #controller = new AbortController()
  #overtaken = false
  /** The latest that it was told of. */
  #epoch = 0

  constructor(memberId: string, number: number, end: () => void) {
    this.#memberId = memberId
    this.#number = number
    this.end = end
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  get overtaken(): boolean {
    return this.#overtaken
  }

  renew(epoch: number): void {
    if (this.#overtaken || this.#epoch > epoch) return
    if (this.#controller.signal.aborted) this.#controller = new AbortController()
  }

  wake(epoch: number): void {
    this.#epoch = Math.max(this.#epoch, epoch)
    this.#controller.abort()
  }

  overtake(memberId: string, number: number): void {
    if (memberId !== this.#memberId || number <= this.#number) return
    this.#overtaken = true
    this.#controller.abort()
  }
}
