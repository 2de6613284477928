/** What bringing objects back asks of a bucket that keeps what is deleted for a while. */
import type { PartitionRef, Unavailable } from "../log/ports.ts"

export interface StoredVersion {
  readonly id: string
  /** Bytes. */
  readonly size: number
}

/** All that a bucket has under one key. */
export interface ObjectHistory {
  /** The newest first. */
  readonly versions: readonly StoredVersion[]
  /** Ids of the marks that deletions left. */
  readonly markers: readonly string[]
  /** Whether a reader is told that there is no object. */
  readonly isDeleted: boolean
}

export type HistoriesOutcome =
  | { readonly kind: "histories"; readonly byKey: ReadonlyMap<string, ObjectHistory> }
  | Unavailable

/** Safe to repeat, all of it. */
export interface ObjectHistories {
  /** Of every key with this prefix that has one. */
  list(prefix: string): Promise<HistoriesOutcome>
  /** Without its marks the newest version is the object again. */
  removeMarkers(key: string, markers: readonly string[]): Promise<{ readonly kind: "removed" } | Unavailable>
  /** Makes this version the object under its key, in the bucket where the objects are wanted. */
  copy(key: string, version: string): Promise<{ readonly kind: "copied" } | Unavailable>
}

/** An object that the index refers to. */
export interface NamedObject {
  readonly key: string
  readonly bytes: number
  /** Of the whole object; absent where each of its batches has one. */
  readonly crc32c?: number
  /** The first offset in it, and the one behind its last. */
  readonly from: number
  readonly to: number
  /** Readers find these offsets in another segment, too. */
  readonly isCovered: boolean
}

/** What a log cannot give any more. */
export interface Loss {
  readonly partition: PartitionRef
  /** `object`: it is nowhere. `damaged`: it is there, and other bytes than were written. `index`: no item says where the offsets lie. */
  readonly what: "object" | "damaged" | "index"
  /** The offsets concerned: from the first to before the last. */
  readonly from: number
  readonly to: number
  readonly detail: string
}
