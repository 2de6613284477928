/** One operation of a history: what a client asked, when, and what it learned. A history is one JSON line for each. */

/**
 * `ok`: it happened, as `value` and `offset` say. `fail`: it did not happen and never will.
 * `info`: nobody knows; a client goes on under a new process name.
 */
export type OperationType = "ok" | "fail" | "info"

interface OperationBase {
  /** Who asked; the operations of one process follow each other. */
  readonly process: string
  /** Unique in the history. */
  readonly id: number
  /** When it was asked and when it was answered, from one monotonic clock. */
  readonly call: number
  readonly return: number
  readonly type: OperationType
}

/** One record batch. Values are unique in the history. */
export interface AppendOperation extends OperationBase {
  readonly f: "append"
  /** The partition; ends in `/*` where the service chooses it and the answer was lost. */
  readonly key: string
  readonly value: readonly string[]
  /** Of the first record; absent for a duplicate that is older than what the log remembers. */
  readonly offset?: number
}

export type ReadRecord = readonly [offset: number, value: string]

/** A fetch that succeeded. The reads of one process and key follow each other from offset to offset, unless `seek`. */
export interface FetchOperation extends OperationBase {
  readonly f: "fetch"
  readonly key: string
  readonly args: {
    readonly offset: number
    /** Reads anywhere, not where this process read last. */
    readonly seek?: true
    /** Part of the last reading of the whole partition, after the faults. */
    readonly drain?: true
  }
  readonly value: readonly ReadRecord[]
  readonly nextOffset: number
  readonly highWatermark: number
  readonly logStartOffset: number
}

/** Records below `offset` are deleted, by a client or by the topic's retention (`info`: at some time, up to anywhere). */
export interface DeleteOperation extends OperationBase {
  readonly f: "delete"
  readonly key: string
  readonly offset: number
}

/** A group commits the next offset to read. */
export interface CommitOperation extends OperationBase {
  readonly f: "commit"
  /** The group and the partition: `group:topic/0`. */
  readonly key: string
  readonly offset: number
  /** The epoch that a member commits under; absent: nobody's commit. */
  readonly epoch?: number
}

/** A group's committed offset is read; null where there is none. */
export interface CommittedOperation extends OperationBase {
  readonly f: "committed"
  readonly key: string
  readonly offset: number | null
}

/**
 * A member of a group says what it has and is told all that it may read. What is not among `args.owned` it has given up,
 * also where the answer was lost.
 */
export interface AssignOperation extends OperationBase {
  readonly f: "assign"
  /** The group. */
  readonly key: string
  readonly member: string
  /** Of the answer; where there is none, of the request. */
  readonly epoch: number
  readonly args: {
    /** Of the request; 0 joins, -1 leaves. */
    readonly epoch: number
    /** Partitions: `topic/0`. */
    readonly owned: readonly string[]
  }
  readonly value: readonly string[]
}

/** A partition was taken over under an epoch: nobody of a lower one may commit any more. */
export interface ClaimOperation extends OperationBase {
  readonly f: "claim"
  /** As in a commit. */
  readonly key: string
  readonly member: string
  readonly epoch: number
  /** Where its reading begins; absent where that is not known yet. */
  readonly offset?: number
  /** Nothing was committed, and the group begins at the end of the log. */
  readonly latest?: true
}

/** What a member was given to read. The polls of one process and key follow each other, from where its claim began. */
export interface PollOperation extends OperationBase {
  readonly f: "poll"
  /** As in a commit. */
  readonly key: string
  readonly args: { readonly offset: number }
  readonly value: readonly ReadRecord[]
  readonly nextOffset: number
  readonly highWatermark: number
  readonly logStartOffset: number
}

/** A member is done with records from `args.offset` up to `nextOffset`. */
export interface ProcessOperation extends OperationBase {
  readonly f: "process"
  /** As in a commit. */
  readonly key: string
  readonly args: { readonly offset: number }
  readonly nextOffset: number
}

/** An empty group is sent to another offset; null: it is deleted with its offsets. */
export interface ResetOperation extends OperationBase {
  readonly f: "reset"
  /** As in a commit. */
  readonly key: string
  readonly offset: number | null
}

/** A fault that fired. */
export interface FaultOperation extends OperationBase {
  readonly f: "fault"
  readonly value: string
}

export type Operation =
  | AppendOperation
  | FetchOperation
  | DeleteOperation
  | CommitOperation
  | CommittedOperation
  | AssignOperation
  | ClaimOperation
  | PollOperation
  | ProcessOperation
  | ResetOperation
  | FaultOperation

type Without<T> = T extends Operation ? Omit<T, "process" | "id" | "call" | "return"> : never

/** What an operation was and what came of it; whoever writes the history knows its process and its times. */
export type WithoutBase = Without<Operation>

export function writeHistory(history: readonly Operation[]): string {
  return history.map((operation) => `${JSON.stringify(operation)}\n`).join("")
}

/** The history in JSON lines, as `writeHistory` writes it. */
export function readHistory(text: string): Operation[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line): Operation => JSON.parse(line))
}
