/** What waits to be written: each plans itself into a group, and answers its caller when the group has ended. */
import type {
  AppendEntry,
  AppendOutcome,
  MoveLogStartOutcome,
  PartitionRef,
  PartitionsOutcome,
  SetFenceOutcome,
  Unavailable,
} from "../../../log/ports.ts"
import { logStartOf } from "../tiering/tiered.ts"
import type { Catalog } from "./catalog.ts"
import { controlFrame, FRAME_TYPES } from "./frame.ts"
import type { Group, Planned } from "./group.ts"
import type { Partition } from "./partition.ts"
import { topicIdBytes } from "./topic-id.ts"

export interface Request {
  /** About how many bytes it writes. */
  readonly bytes: number
  /** Whether it adds records, rather than saying something about partitions. */
  readonly isAppend: boolean
  /** Whether it makes or deletes partitions: nothing may be decided in the same group after it. */
  readonly endsGroup: boolean
  plan(group: Group): void
  /** Answers the caller; `failure` where the group it was planned in did not become durable. */
  settle(failure: Unavailable | undefined): void
  /** Answers the caller without ever having been planned. */
  refuse(failure: Unavailable): void
}

export function appendRequest(
  ref: PartitionRef,
  entries: readonly AppendEntry[],
  resolve: (outcomes: readonly AppendOutcome[]) => void,
): Request {
  const planned: Planned<AppendOutcome>[] = []
  return {
    bytes: entries.reduce((sum, entry) => sum + entry.batch.length, 0),
    isAppend: true,
    endsGroup: false,
    plan: (group) => {
      for (const entry of entries) planned.push(group.append(ref, entry))
    },
    settle: (failure) => resolve(planned.map((one) => settled(one, failure))),
    refuse: (failure) => resolve(entries.map(() => failure)),
  }
}

function settled<T>({ outcome, tentative }: Planned<T>, failure: Unavailable | undefined): T | Unavailable {
  return failure !== undefined && tentative ? failure : outcome
}

/** A request with one answer, which `decide` finds while the group is planned. */
function command<T>(
  decide: (group: Group) => Planned<T | Unavailable>,
  resolve: (outcome: T | Unavailable) => void,
  endsGroup = false,
): Request {
  let planned: Planned<T | Unavailable> | undefined
  return {
    bytes: 0,
    isAppend: false,
    endsGroup,
    plan: (group) => {
      planned = decide(group)
    },
    settle: (failure) => {
      if (planned !== undefined) resolve(settled(planned, failure))
    },
    refuse: resolve,
  }
}

export function createPartitionsRequest(
  catalog: Catalog,
  topicId: string,
  count: number,
  resolve: (outcome: PartitionsOutcome) => void,
): Request {
  const decide = (group: Group): Planned<PartitionsOutcome> => {
    const missing = count > (catalog.topic(topicId)?.partitions.length ?? 0)
    if (missing) {
      group.add(controlFrame(FRAME_TYPES.partitionsCreated, { topicId: topicIdBytes(topicId), partition: count }))
      group.effects.push(() => catalog.create(topicId, count))
    }
    return { outcome: { kind: "done" }, tentative: missing }
  }
  return command(decide, resolve, true)
}

export function deletePartitionsRequest(
  catalog: Catalog,
  topicId: string,
  deleted: () => void,
  resolve: (outcome: PartitionsOutcome) => void,
): Request {
  const decide = (group: Group): Planned<PartitionsOutcome> => {
    const topic = catalog.topic(topicId)
    if (topic !== undefined) {
      group.add(controlFrame(FRAME_TYPES.topicDeleted, { topicId: topic.idBytes }))
      group.effects.push(deleted)
    }
    return { outcome: { kind: "done" }, tentative: topic !== undefined }
  }
  return command(decide, resolve, true)
}

export function moveLogStartRequest(
  catalog: Catalog,
  ref: PartitionRef,
  before: number,
  resolve: (outcome: MoveLogStartOutcome) => void,
): Request {
  const decide = (group: Group): Planned<MoveLogStartOutcome> => {
    const partition = catalog.find(ref)
    if (partition === undefined) return { outcome: { kind: "unknown_partition" }, tentative: false }
    const { highWatermark } = partition.watermarks
    const state = partition.pending ?? partition.committed
    const tentative = partition.pending !== undefined
    // Against what readers see: records that are still on their way cannot be asked to go.
    if (before > highWatermark) {
      const watermarks = { logStartOffset: logStartOf(state.logStartOffset, partition.tiered), highWatermark }
      return { outcome: { kind: "beyond_end", watermarks }, tentative }
    }
    if (before <= state.logStartOffset) {
      return { outcome: { kind: "moved", logStartOffset: state.logStartOffset }, tentative }
    }
    group.change(partition).logStartOffset = before
    group.add(partitionFrame(partition, FRAME_TYPES.logStartMoved, { baseOffset: before }), partition)
    return { outcome: { kind: "moved", logStartOffset: before }, tentative: true }
  }
  return command(decide, resolve)
}

export function setFenceRequest(
  catalog: Catalog,
  ref: PartitionRef,
  expected: string | undefined,
  next: string | undefined,
  resolve: (outcome: SetFenceOutcome) => void,
): Request {
  const decide = (group: Group): Planned<SetFenceOutcome> => {
    const partition = catalog.find(ref)
    if (partition === undefined) return { outcome: { kind: "unknown_partition" }, tentative: false }
    const { fencingToken } = partition.pending ?? partition.committed
    if (fencingToken !== expected) {
      return { outcome: { kind: "fence_failed", fencingToken }, tentative: partition.pending !== undefined }
    }
    group.change(partition).fencingToken = next
    const payload = Buffer.from(next ?? "")
    const recordCount = next === undefined ? 0 : 1
    group.add(partitionFrame(partition, FRAME_TYPES.fenceSet, { payload, recordCount }), partition)
    return { outcome: { kind: "set" }, tentative: true }
  }
  return command(decide, resolve)
}

/** Writes that file `number` holds nothing any more; `resolve(undefined)` when that is durable. */
export function fileRemovedRequest(number: number, resolve: (failure: Unavailable | undefined) => void): Request {
  const decide = (group: Group): Planned<undefined> => {
    group.add(controlFrame(FRAME_TYPES.fileRemoved, { baseOffset: number }))
    return { outcome: undefined, tentative: true }
  }
  return command(decide, resolve)
}

function partitionFrame(
  partition: Partition,
  type: typeof FRAME_TYPES.logStartMoved | typeof FRAME_TYPES.fenceSet,
  fields: { readonly baseOffset?: number; readonly payload?: Uint8Array; readonly recordCount?: number },
): ReturnType<typeof controlFrame> {
  return controlFrame(type, { topicId: partition.topic.idBytes, partition: partition.number, ...fields })
}
