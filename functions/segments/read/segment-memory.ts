/**
 * What a process remembers of segments. An object never changes, so neither do its blocks; an entry of the index may have
 * been replaced since, but what it names stays true as long as its object is there, and who misses that looks again.
 */
import type { PartitionRef, StoredBatch, Unavailable } from "../../log/ports.ts"
import type { Segment } from "../ports.ts"
import type { Block } from "../segment/blocks.ts"
import { ByteLru } from "./byte-lru.ts"

export type LoadedBlock =
  | { readonly kind: "batches"; readonly batches: readonly StoredBatch[] }
  | { readonly kind: "object_missing" }
  | { readonly kind: "corrupt"; readonly where: string; readonly detail: string }

/** Bytes that an entry and a point of it take in memory, about. */
const SEGMENT_BYTES = 400
const POINT_BYTES = 40

interface Known {
  readonly partition: string
  readonly segment: Segment
}

export class SegmentMemory {
  readonly #segments: ByteLru<Known>
  /** The base offsets of the segments that are known of a partition, ascending. */
  readonly #bases = new Map<string, number[]>()
  readonly blocks: ByteLru<readonly StoredBatch[]>
  /** Blocks that are being fetched: whoever wants one meanwhile waits for the same request. */
  readonly inFlight = new Map<string, Promise<LoadedBlock | Unavailable>>()

  /** Two bounds, bytes: for entries of the index and for batches. */
  constructor(bounds: { readonly segments: number; readonly blocks: number }) {
    this.#segments = new ByteLru(bounds.segments, (_, known) => this.#forgetBase(known))
    this.blocks = new ByteLru(bounds.blocks)
  }

  /** A segment that holds the offset, if one is known. */
  find(partition: PartitionRef, offset: number): Segment | undefined {
    const bases = this.#bases.get(nameOf(partition))
    const base = bases?.findLast((candidate) => candidate <= offset)
    if (base === undefined) return undefined
    const segment = this.#segments.get(keyOf(nameOf(partition), base))?.segment
    return segment !== undefined && segment.endOffset > offset ? segment : undefined
  }

  remember(partition: PartitionRef, segment: Segment): void {
    const name = nameOf(partition)
    const key = keyOf(name, segment.baseOffset)
    this.#segments.delete(key)
    const bases = this.#bases.get(name) ?? []
    const after = bases.findLastIndex((base) => base < segment.baseOffset) + 1
    this.#bases.set(name, bases.toSpliced(after, 0, segment.baseOffset))
    this.#segments.set(key, { partition: name, segment }, SEGMENT_BYTES + segment.points.length * POINT_BYTES)
  }

  forget(partition: PartitionRef, { baseOffset }: Pick<Segment, "baseOffset">): void {
    this.#segments.delete(keyOf(nameOf(partition), baseOffset))
  }

  #forgetBase({ partition, segment }: Known): void {
    const left = this.#bases.get(partition)?.filter((base) => base !== segment.baseOffset) ?? []
    if (left.length > 0) this.#bases.set(partition, left)
    else this.#bases.delete(partition)
  }
}

export function blockKey({ objectKey }: Segment, { start }: Block): string {
  return `${objectKey}#${start}`
}

function nameOf({ topicId, partition }: PartitionRef): string {
  return `${topicId}/${partition}`
}

function keyOf(name: string, baseOffset: number): string {
  return `${name}/${baseOffset}`
}
