/** A `SegmentIndex` in memory, each request in one step, with the faults of faults.ts. */
import type { PartitionRef } from "../../functions/log/ports.ts"
import type {
  ChangeSegmentOutcome,
  FindSegmentOutcome,
  ListSegmentsOutcome,
  PutSegmentOutcome,
  Segment,
  SegmentIndex,
} from "../../functions/segments/ports.ts"
import { FaultyRequests, type Interceptor, type OperationOf } from "./faults.ts"

export type SegmentOperation = OperationOf<SegmentIndex>

export interface MemorySegmentIndex extends SegmentIndex {
  /** Counts by kind; its `interceptor` may be set and cleared at any time. */
  readonly requests: FaultyRequests<SegmentOperation>
}

export function createMemorySegmentIndex(interceptor?: Interceptor<SegmentOperation>): MemorySegmentIndex {
  const state = new SegmentIndexState()
  const requests = new FaultyRequests<SegmentOperation>((name) => name === "find" || name === "list", interceptor)
  return {
    requests,
    find: (...args) => requests.run({ name: "find", args }, () => state.find(...args)),
    list: (...args) => requests.run({ name: "list", args }, () => state.list(...args)),
    put: (...args) => requests.run({ name: "put", args }, () => state.put(...args)),
    replace: (...args) => requests.run({ name: "replace", args }, () => state.replace(...args)),
    remove: (...args) => requests.run({ name: "remove", args }, () => state.remove(...args)),
  }
}

class SegmentIndexState {
  readonly #partitions = new Map<string, Map<number, Segment>>()

  find(ref: PartitionRef, offset: number): FindSegmentOutcome {
    const segment = this.#sorted(ref).findLast(({ baseOffset }) => baseOffset <= offset)
    return segment === undefined ? { kind: "none" } : { kind: "segment", segment: structuredClone(segment) }
  }

  list(ref: PartitionRef, from: number, limit: number): ListSegmentsOutcome {
    const segments = this.#sorted(ref).filter(({ baseOffset }) => baseOffset >= from)
    return { kind: "segments", segments: structuredClone(segments.slice(0, limit)), more: segments.length > limit }
  }

  put(ref: PartitionRef, segment: Segment): PutSegmentOutcome {
    const segments = this.#partition(ref)
    const existing = segments.get(segment.baseOffset)
    if (existing !== undefined) return { kind: "exists", segment: structuredClone(existing) }
    segments.set(segment.baseOffset, structuredClone({ ...segment, version: 1 }))
    return { kind: "put" }
  }

  replace(ref: PartitionRef, segment: Segment): ChangeSegmentOutcome {
    const { baseOffset, version } = segment
    return this.#change(ref, baseOffset, version - 1, (segments) => segments.set(baseOffset, structuredClone(segment)))
  }

  remove(ref: PartitionRef, { baseOffset, version }: Pick<Segment, "baseOffset" | "version">): ChangeSegmentOutcome {
    return this.#change(ref, baseOffset, version, (segments) => segments.delete(baseOffset))
  }

  #change(
    ref: PartitionRef,
    baseOffset: number,
    version: number,
    effect: (segments: Map<number, Segment>) => void,
  ): ChangeSegmentOutcome {
    const segments = this.#partition(ref)
    const stored = segments.get(baseOffset)
    if (stored?.version !== version) return { kind: "lost", segment: structuredClone(stored) }
    effect(segments)
    return { kind: "changed" }
  }

  #partition({ topicId, partition }: PartitionRef): Map<number, Segment> {
    const key = `${topicId}/${partition}`
    const segments = this.#partitions.get(key) ?? new Map<number, Segment>()
    this.#partitions.set(key, segments)
    return segments
  }

  #sorted(ref: PartitionRef): Segment[] {
    return [...this.#partition(ref).values()].sort((a, b) => a.baseOffset - b.baseOffset)
  }
}
