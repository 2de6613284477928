/** The lanes of a process, one for each partition that it appends to. */
import type { PartitionRef } from "../../log/ports.ts"
import type { AppendDeps } from "../dependencies.ts"
import { keyOf, topicPrefix } from "../partition-key.ts"
import type { Head } from "../ports.ts"
import { Lane } from "./lane.ts"

/** Partitions whose heads are remembered between appends. */
const MAX_LANES = 10_000

export class Lanes {
  readonly #deps: AppendDeps
  readonly #grown: (partition: PartitionRef) => void
  readonly #lanes = new Map<string, Lane>()

  /** `grown` hears of each partition that was appended to. */
  constructor(deps: AppendDeps, grown: (partition: PartitionRef) => void) {
    this.#deps = deps
    this.#grown = grown
  }

  of(partition: PartitionRef): Lane {
    const key = keyOf(partition)
    const lane = this.#lanes.get(key) ?? new Lane(this.#deps, partition, () => this.#grown(partition))
    // The newest last, so that those first in line to be forgotten are the ones unused for longest.
    this.#lanes.delete(key)
    this.#lanes.set(key, lane)
    if (this.#lanes.size > MAX_LANES) this.#forgetOne()
    return lane
  }

  /** The newest head that this process has seen of the partition, if any. */
  headOf(partition: PartitionRef): Head | undefined {
    return this.#lanes.get(keyOf(partition))?.head
  }

  /** The topic is gone. */
  forgetTopic(topicId: string): void {
    const prefix = topicPrefix(topicId)
    for (const [key, lane] of this.#lanes) if (key.startsWith(prefix)) lane.forgetHead()
  }

  #forgetOne(): void {
    for (const [key, lane] of this.#lanes) {
      if (!lane.idle) continue
      this.#lanes.delete(key)
      return
    }
  }
}
