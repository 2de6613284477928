import type {
  AppendEntry,
  AppendOutcome,
  Awaitable,
  DescribeOutcome,
  MoveLogStartOutcome,
  PartitionLog,
  PartitionRef,
  PartitionState,
  PartitionsOutcome,
  ReadOutcome,
  ReadRequest,
  SetFenceOutcome,
  TimestampOutcome,
  Watch,
  Watermarks,
} from "../../../log/ports.ts"
import type { Tiered } from "../tiering/tiered.ts"
import type { BatchIndex } from "./batch-index.ts"
import type { Catalog } from "./catalog.ts"
import type { Flusher } from "./flusher.ts"
import type { JournalFile, JournalFiles } from "./journal-files.ts"
import type { ProducerMemory } from "./producer-memory.ts"
import type { Reader } from "./reader.ts"
import {
  appendRequest,
  createPartitionsRequest,
  deletePartitionsRequest,
  moveLogStartRequest,
  setFenceRequest,
} from "./requests.ts"
import { topicIdBytes } from "./topic-id.ts"
import { waitForChange, wake } from "./watches.ts"

export interface JournalStatus {
  readonly files: number
  /** Bytes of the files, without the room laid out ahead. */
  readonly bytes: number
  readonly partitions: number
  /** Batches that can be read. */
  readonly entries: number
  /** Bytes of batches and frame headers in memory. */
  readonly cachedBytes: number
  readonly producersInMemory: number
}

/** A partition as the journal holds it. */
export interface JournalPartition {
  readonly topic: { readonly id: string }
  readonly number: number
  /** The journal's own log start, and the high watermark. */
  readonly committed: { readonly logStartOffset: number; readonly nextOffset: number }
  readonly tiered: Tiered | undefined
  /** As readers see them. */
  readonly watermarks: Watermarks
  /** Of what the journal holds, but for the log start, which is that of readers. */
  readonly state: PartitionState
  readonly index: Pick<BatchIndex, "length" | "bytes" | "at" | "find" | "findFile">
  /** Whether readers find `offset` in a segment, not here. */
  isInSegments(offset: number): boolean
}

export interface JournalLog extends PartitionLog {
  partition(ref: PartitionRef): JournalPartition | undefined
  /**
   * Tells what of a partition lies in segments, which moves where it begins for readers. Kept in memory only: whoever
   * keeps it durable tells it again after a start, before anybody reads.
   */
  setTiered(ref: PartitionRef, tiered: Tiered): void
  /** The files that nobody writes to any more, oldest first. */
  sealedFiles(): readonly Readonly<JournalFile>[]
  /** Writes what waits, refuses what comes after, and lets go of the directory. Safe to repeat. */
  close(): Promise<void>
  topicIds(): string[]
  status(): JournalStatus
}

export interface JournalParts {
  readonly catalog: Catalog
  readonly files: JournalFiles
  readonly producers: ProducerMemory
  readonly reader: Reader
  readonly flusher: Flusher
  readonly cachedBytes: () => number
  readonly deleteTopic: (topicId: string) => void
  readonly close: () => Promise<void>
}

/** The partitions of one journal behind the port. */
export class Journal implements JournalLog {
  readonly #parts: JournalParts
  #closing: Promise<void> | undefined

  constructor(parts: JournalParts) {
    this.#parts = parts
  }

  /** Rejects with a TypeError where the id is no UUID. */
  createPartitions(topicId: string, count: number): Promise<PartitionsOutcome> {
    const { catalog, flusher } = this.#parts
    return new Promise((resolve) => {
      topicIdBytes(topicId)
      flusher.submit(createPartitionsRequest(catalog, topicId, count, resolve))
    })
  }

  deletePartitions(topicId: string): Promise<PartitionsOutcome> {
    const { catalog, flusher, deleteTopic } = this.#parts
    return new Promise((resolve) => {
      flusher.submit(deletePartitionsRequest(catalog, topicId, () => deleteTopic(topicId), resolve))
    })
  }

  append(partition: PartitionRef, entries: readonly AppendEntry[]): Promise<readonly AppendOutcome[]> {
    return new Promise((resolve) => {
      this.#parts.flusher.submit(appendRequest(partition, entries, resolve))
    })
  }

  read(ref: PartitionRef, request: ReadRequest): Awaitable<ReadOutcome> {
    const partition = this.#parts.catalog.find(ref)
    return partition === undefined ? { kind: "unknown_partition" } : this.#parts.reader.read(partition, request)
  }

  findByTimestamp(ref: PartitionRef, timestamp: number): Awaitable<TimestampOutcome> {
    const partition = this.#parts.catalog.find(ref)
    return partition === undefined
      ? { kind: "unknown_partition" }
      : this.#parts.reader.findByTimestamp(partition, timestamp)
  }

  describe(ref: PartitionRef): Awaitable<DescribeOutcome> {
    const partition = this.#parts.catalog.find(ref)
    return partition === undefined ? { kind: "unknown_partition" } : { kind: "partition", state: partition.state }
  }

  moveLogStart(partition: PartitionRef, before: number): Promise<MoveLogStartOutcome> {
    const { catalog, flusher } = this.#parts
    return new Promise((resolve) => flusher.submit(moveLogStartRequest(catalog, partition, before, resolve)))
  }

  setFence(partition: PartitionRef, expected: string | undefined, next: string | undefined): Promise<SetFenceOutcome> {
    const { catalog, flusher } = this.#parts
    return new Promise((resolve) => flusher.submit(setFenceRequest(catalog, partition, expected, next, resolve)))
  }

  waitForChange(watches: readonly Watch[], signal: AbortSignal): Promise<void> {
    return waitForChange(watches, (watch) => this.#parts.catalog.find(watch.partition), signal)
  }

  partition(ref: PartitionRef): JournalPartition | undefined {
    return this.#parts.catalog.find(ref)
  }

  setTiered(ref: PartitionRef, tiered: Tiered): void {
    const partition = this.#parts.catalog.find(ref)
    if (partition === undefined) return
    partition.tiered = tiered
    wake(partition)
  }

  sealedFiles(): readonly Readonly<JournalFile>[] {
    return this.#parts.files.all().filter(({ sealed }) => sealed)
  }

  topicIds(): string[] {
    return this.#parts.catalog.topicIds()
  }

  status(): JournalStatus {
    const { catalog, files, producers, cachedBytes } = this.#parts
    let partitions = 0
    let entries = 0
    for (const partition of catalog.partitions()) {
      partitions++
      entries += partition.index.length
    }
    return {
      files: files.size,
      bytes: files.bytes,
      partitions,
      entries,
      cachedBytes: cachedBytes(),
      producersInMemory: producers.count,
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#parts.close()
    return this.#closing
  }
}
