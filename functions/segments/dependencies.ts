/** What segments are read with; the server or function that composes them says which. */
import type { Crc32c } from "stratalog/record-batch"
import type { ObjectStore, SegmentIndex } from "./ports.ts"
import type { SegmentMemory } from "./read/segment-memory.ts"

export interface SegmentDependencies {
  readonly objects: Pick<ObjectStore, "get">
  readonly index: Pick<SegmentIndex, "find" | "list">
  readonly crc32c: Crc32c
  /** One for all partitions of a process. */
  readonly memory: SegmentMemory
}
