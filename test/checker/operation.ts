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
}

/** A group's committed offset is read; null where there is none. */
export interface CommittedOperation extends OperationBase {
  readonly f: "committed"
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
  | FaultOperation

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
