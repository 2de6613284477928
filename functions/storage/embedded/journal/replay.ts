import { addToSequence, decideAppend, type ProducerState } from "../../../log/append/decide.ts"
import { newerFormat } from "../../../log/newer-format.ts"
import type { AppendEntry, ProducerSequence } from "../../../log/ports.ts"
import type { Catalog } from "./catalog.ts"
import { FRAME_TYPES, FRAME_VERSION, type FrameHeader } from "./frame.ts"
import { decodeHeads } from "./heads.ts"
import type { JournalFile } from "./journal-files.ts"
import type { Partition } from "./partition.ts"
import { includes, type ProducerMemory } from "./producer-memory.ts"
import type { ScannedFrame } from "./scan.ts"
import type { SidecarRow } from "./sidecar.ts"

/** The journal contradicts itself: a frame does not follow from the ones before it. */
export class ContradictionError extends Error {
  override readonly name = "ContradictionError"
}

/**
 * Rebuilds the partitions: first the heads that the newest file starts with, then where the batches of the older files
 * lie, then everything that the newest file says.
 */
export class Replay {
  readonly #catalog: Catalog
  readonly #producers: ProducerMemory
  readonly #spilled: ReadonlySet<string>
  readonly #drop: (fileNumber: number, size: number) => void
  #entries = 0

  /** `drop` hears of each batch that cannot be read any more, by its file and size. */
  constructor(
    catalog: Catalog,
    producers: ProducerMemory,
    spilled: ReadonlySet<string>,
    drop: (fileNumber: number, size: number) => void,
  ) {
    this.#catalog = catalog
    this.#drop = drop
    this.#producers = producers
    this.#spilled = spilled
  }

  /** Batches found. */
  get entries(): number {
    return this.#entries
  }

  heads(payload: Uint8Array): void {
    for (const head of decodeHeads(payload)) {
      const partition = this.#catalog.restore(head)
      this.#markSpilled(partition)
      this.#producers.restored(partition)
    }
  }

  /** A batch in a file before the newest; those of topics that are gone are passed over. */
  sealedBatch(file: JournalFile, row: SidecarRow): void {
    const partition = this.#catalog.find(row)
    if (partition !== undefined) this.#index(partition, file, row)
  }

  /** A frame of the newest file, behind its snapshot. */
  frame(file: JournalFile, { header, payload }: ScannedFrame): void {
    switch (header.type) {
      case FRAME_TYPES.batch:
        this.#batch(file, header)
        return
      case FRAME_TYPES.partitionsCreated:
        for (const partition of this.#catalog.create(header.topicId, header.partition)) this.#markSpilled(partition)
        return
      case FRAME_TYPES.topicDeleted:
        this.#deleteTopic(header.topicId)
        return
      case FRAME_TYPES.logStartMoved:
        this.#partition(header).committed.logStartOffset = header.baseOffset
        return
      case FRAME_TYPES.fenceSet:
        this.#partition(header).committed.fencingToken =
          header.recordCount === 0 ? undefined : Buffer.from(payload).toString()
        return
      case FRAME_TYPES.fileRemoved:
      case FRAME_TYPES.closed:
        return
      default:
        throw newerFormat(`The journal, with a frame of type ${header.type} in file ${file.number},`, FRAME_VERSION)
    }
  }

  /** After the last frame: drops what lies below the log starts, and checks that nothing above is missing. */
  finish(): void {
    for (const partition of this.#catalog.partitions()) {
      const { index, committed } = partition
      index.trim(committed.logStartOffset, this.#drop)
      const first = index.length === 0 ? committed.nextOffset : index.at(0).baseOffset
      const end = endOf(partition)
      if (first <= committed.logStartOffset && end === committed.nextOffset) continue
      const from = end === committed.nextOffset ? committed.logStartOffset : end
      const to = end === committed.nextOffset ? first : committed.nextOffset
      throw new ContradictionError(
        `offsets ${from} to ${to - 1} of partition ${partition.number} of topic ${partition.topic.id} are missing`,
      )
    }
  }

  #batch(file: JournalFile, header: FrameHeader): void {
    const partition = this.#partition(header)
    if (header.baseOffset !== partition.committed.nextOffset) {
      throw new ContradictionError(
        `a batch at offset ${header.baseOffset} where ${partition.committed.nextOffset} is next`,
      )
    }
    const { topicId, baseOffset, recordCount, maxTimestamp, position } = header
    const size = header.payloadBytes
    this.#index(partition, file, {
      topicId,
      partition: header.partition,
      baseOffset,
      recordCount,
      maxTimestamp,
      position,
      size,
      fileNumber: file.number,
    })
    if (header.producerId !== -1) this.#producer(partition, header)
    partition.committed.nextOffset = baseOffset + recordCount
  }

  #producer(partition: Partition, header: FrameHeader): void {
    const { producerId, producerEpoch, baseSequence, baseOffset, recordCount, maxTimestamp } = header
    const known = this.#producers.lookup(partition, producerId)
    // A state that was spilled later than this batch includes it already.
    if (known !== undefined && includes(known, baseOffset)) {
      this.#producers.remember(partition, producerId, known)
      return
    }
    const producer = { id: producerId, epoch: producerEpoch, sequence: baseSequence }
    const state = { nextOffset: baseOffset, fencingToken: undefined, producer: known }
    const entry = { batch: new Uint8Array(0), recordCount, maxTimestamp, producer }
    const decision = decideAppend(state, entry)
    const accepted = decision.kind === "accept" ? decision.producer : undefined
    // The batch was accepted once. If it does not follow what is known, that is of another life of the topic.
    this.#producers.remember(partition, producerId, accepted ?? stateAfter(entry, producer, baseOffset))
  }

  #index(partition: Partition, file: JournalFile, row: SidecarRow): void {
    const { index } = partition
    // Where offsets leap, the batches between were in a file that was removed, and the log start, which is known only in
    // the end, has passed them. Where they go back, a topic was deleted and made again under its old id.
    if (index.length > 0 && endOf(partition) !== row.baseOffset) index.trim(Number.POSITIVE_INFINITY, this.#drop)
    index.push(row.baseOffset, row.recordCount, row.maxTimestamp, file.number, row.position, row.size)
    file.live++
    file.liveBytes += row.size
    this.#entries++
  }

  #deleteTopic(topicId: string): void {
    const partitions = this.#catalog.delete(topicId)
    this.#producers.forget(partitions)
    for (const partition of partitions) {
      partition.index.trim(Number.POSITIVE_INFINITY, this.#drop)
    }
  }

  #partition(header: FrameHeader): Partition {
    const partition = this.#catalog.find(header)
    if (partition === undefined) {
      throw new ContradictionError(`partition ${header.partition} of topic ${header.topicId} was never made`)
    }
    return partition
  }

  /** After the last batch of the older files: what they hold beyond a head is of an earlier life of the topic. */
  endOfSealed(): void {
    for (const partition of this.#catalog.partitions()) {
      if (endOf(partition) <= partition.committed.nextOffset) continue
      partition.index.trim(Number.POSITIVE_INFINITY, this.#drop)
    }
  }

  #markSpilled(partition: Partition): void {
    partition.hasSpilled = this.#spilled.has(`${partition.topic.id}/${partition.number}`)
  }
}

/** Where the batches that are known end. */
function endOf({ index, committed }: Partition): number {
  if (index.length === 0) return committed.nextOffset
  const last = index.at(index.length - 1)
  return last.baseOffset + last.recordCount
}

/** What a partition knows of a producer of which it has only this batch. */
function stateAfter(entry: AppendEntry, producer: ProducerSequence, baseOffset: number): ProducerState {
  const lastSequence = addToSequence(producer.sequence, entry.recordCount - 1)
  const batch = { firstSequence: producer.sequence, lastSequence, baseOffset, maxTimestamp: entry.maxTimestamp }
  return { epoch: producer.epoch, lastSequence, batches: [batch] }
}
