/** What was read since the last line about it, by partition. */
export interface ConsumedPartition {
  readonly topic: string
  readonly partition: number
  readonly count: number
  readonly minOffset: number
  readonly maxOffset: number
}

export class Consumed {
  #partitions = new Map<string, ConsumedPartition>()
  #count = 0

  get count(): number {
    return this.#count
  }

  add({
    topic,
    partition,
    offset,
  }: {
    readonly topic: string
    readonly partition: number
    readonly offset: number
  }): void {
    const key = `${topic}:${partition}`
    const before = this.#partitions.get(key)
    this.#count++
    this.#partitions.set(key, {
      topic,
      partition,
      count: (before?.count ?? 0) + 1,
      minOffset: Math.min(before?.minOffset ?? offset, offset),
      maxOffset: Math.max(before?.maxOffset ?? offset, offset),
    })
  }

  /** The fields of a `records_consumed` line; counting begins anew. */
  take(): { readonly count: number; readonly partitions: readonly ConsumedPartition[] } {
    const taken = { count: this.#count, partitions: [...this.#partitions.values()] }
    this.#partitions = new Map()
    this.#count = 0
    return taken
  }
}
