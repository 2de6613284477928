/** Several processes that keep one partition in one storage. */

import { portableCodecs } from "stratalog/record-batch"
import { segmentReader } from "../../../functions/compose/segment-reader.ts"
import type { PartitionLog, PartitionRef } from "../../../functions/log/ports.ts"
import type { PartitionsDeps } from "../../../functions/partitions/dependencies.ts"
import { createIndexedLog } from "../../../functions/partitions/indexed-log.ts"
import type { PartitionIndex } from "../../../functions/partitions/ports.ts"
import { createRecentLog } from "../../../functions/partitions/recent-log.ts"
import { type UpkeepDependencies, upkeepDefaults } from "../../../functions/segments/dependencies.ts"
import type { ObjectStore, SegmentIndex } from "../../../functions/segments/ports.ts"
import { SegmentMemory } from "../../../functions/segments/read/segment-memory.ts"
import { MemoryObjectStore } from "../../fakes/memory-object-store.ts"
import { createMemoryPartitionIndex, indexReads } from "../../fakes/memory-partition-index.ts"
import { createMemorySegmentIndex } from "../../fakes/memory-segment-index.ts"
import { partitionsDeps, uuidOf } from "../../fakes/partitions-deps.ts"
import { Random } from "../random.ts"
import { type GoOn, Network, overNetwork, SimulatedProcess } from "./network.ts"

export const PARTITION: PartitionRef = { topicId: "0a000000-0000-4000-8000-00000000000a", partition: 0 }

/** A change to the storage that breaks the protocol, to see that the simulation would notice. */
export type BreakIndex = (index: PartitionIndex) => PartitionIndex

export interface WorldOptions {
  readonly seed: number
  readonly goOn: GoOn
  readonly faultRate: number
  readonly breakIndex?: BreakIndex
}

/** One process: what it works with, over a network of its own. */
export interface Worker {
  readonly process: SimulatedProcess
  readonly deps: PartitionsDeps
  readonly upkeep: UpkeepDependencies
  readonly log: PartitionLog
}

const HOUR_MS = 3_600_000
const SKEW_MS = 600_000
const SEGMENT_MEMORY = { segments: 4, blocks: 4096 }

export class World {
  readonly random: Random
  readonly network: Network
  readonly #index: PartitionIndex
  readonly #objects: MemoryObjectStore
  readonly #segments = createMemorySegmentIndex()
  #now = 1_763_600_000_000
  #names = 0
  #workers = 0

  constructor({ seed, goOn, faultRate, breakIndex = (index) => index }: WorldOptions) {
    this.random = new Random(seed)
    this.network = new Network(goOn, this.random, faultRate, () => this.jump())
    this.#index = breakIndex(createMemoryPartitionIndex())
    this.#objects = new MemoryObjectStore(() => this.#now)
  }

  /** Time passes, for everybody: from a quarter of an hour to two hours. */
  jump(): void {
    this.#now += HOUR_MS * (0.25 + 2 * this.random.next())
  }

  async begin(): Promise<void> {
    await this.#index.createHeads(PARTITION.topicId, 1)
  }

  /** A process that starts now: it knows nothing, and its clock is wrong by up to ten minutes. */
  start(): Worker {
    const process = new SimulatedProcess(`p${this.#workers++}`)
    const skew = (this.random.next() * 2 - 1) * SKEW_MS
    const now = () => {
      this.#now += 3
      return Math.round(this.#now + skew)
    }
    const index = overNetwork(this.#index, indexReads, this.network, process)
    const objects: ObjectStore = overNetwork<ObjectStore>(this.#objects, OBJECT_READS, this.network, process)
    const segments = overNetwork<SegmentIndex>(this.#segments, SEGMENT_READS, this.network, process)
    const { deps: fakes } = partitionsDeps()
    const deps: PartitionsDeps = {
      ...fakes,
      index,
      objects,
      segments: segmentReader({
        objects,
        index: segments,
        crc32c: fakes.crc32c,
        memory: new SegmentMemory(SEGMENT_MEMORY),
      }),
      clock: { now },
      ids: {
        entry: () => (++this.#names).toString(16).padStart(16, "0"),
        placement: () => uuidOf(now(), ++this.#names),
      },
      timer: { sleep: () => this.network.goOn(`${process.name} sleeps`).then(() => process.alive()) },
      random: () => this.random.next(),
      settings: {
        ...fakes.settings,
        // Time passes by requests here: an append gives up after some hundreds.
        appendTimeoutMs: 2_000,
        tailLimitBytes: 2_000,
        maxProducers: 3,
        rollInBackground: this.random.chance(0.5),
      },
    }
    const log = createIndexedLog(deps)
    return { process, deps, log, upkeep: this.#upkeep(deps, log, segments) }
  }

  #upkeep(deps: PartitionsDeps, log: PartitionLog, segments: SegmentIndex): UpkeepDependencies {
    return {
      objects: deps.objects,
      index: segments,
      recent: createRecentLog(deps),
      log,
      codecs: portableCodecs(),
      keyHash: (key) => key,
      uniqueName: () => `u${++this.#names}`,
      clock: deps.clock,
      settings: { ...upkeepDefaults, segmentBytes: 3_000, maxTierAgeMs: HOUR_MS },
    }
  }
}

const OBJECT_READS: readonly (keyof ObjectStore)[] = ["get", "list"]
const SEGMENT_READS: readonly (keyof SegmentIndex)[] = ["find", "list"]
