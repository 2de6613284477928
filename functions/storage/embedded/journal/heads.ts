/** The heads of partitions as a new journal file starts with them, so that the files before it need not be replayed. */
import type { ProducedBatch, ProducerState } from "../../../log/append/decide.ts"
import { ByteReader, ByteWriter } from "./byte-codec.ts"
import { controlFrame, FRAME_TYPES, type FrameContent } from "./frame.ts"
import { TOPIC_ID_BYTES, topicIdText } from "./topic-id.ts"

export interface PartitionHead {
  readonly topicId: string
  readonly partition: number
  readonly nextOffset: number
  readonly logStartOffset: number
  readonly fencingToken: string | undefined
  readonly producers: readonly (readonly [id: number, state: ProducerState])[]
}

/** What a file's first frame says. */
export interface FileStart {
  /** The file before this one; 0 where there is none. */
  readonly previous: number
  /** Where that file ends: what lies behind was never committed. */
  readonly previousEnd: number
  /** Where this file's snapshot ends. */
  readonly snapshotEnd: number
}

const FRAME_PAYLOAD_BYTES = 1024 * 1024

export function encodeFileStart(start: FileStart): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter()
  writer.f64(start.previous)
  writer.f64(start.previousEnd)
  writer.f64(start.snapshotEnd)
  return writer.take()
}

export function decodeFileStart(payload: Uint8Array): FileStart {
  const reader = new ByteReader(payload)
  return { previous: reader.f64(), previousEnd: reader.f64(), snapshotEnd: reader.f64() }
}

/** Snapshot frames of about a megabyte each. */
export function encodeHeads(
  heads: Iterable<PartitionHead & { readonly topicIdBytes: Uint8Array }>,
): readonly FrameContent[] {
  const frames: FrameContent[] = []
  const writer = new ByteWriter()
  const cut = (): void => {
    frames.push(controlFrame(FRAME_TYPES.snapshot, { payload: writer.take() }))
  }
  for (const head of heads) {
    writeHead(writer, head)
    if (writer.length >= FRAME_PAYLOAD_BYTES) cut()
  }
  if (writer.length > 0) cut()
  return frames
}

export function decodeHeads(payload: Uint8Array): PartitionHead[] {
  const reader = new ByteReader(payload)
  const heads: PartitionHead[] = []
  while (!reader.done) heads.push(readHead(reader))
  return heads
}

function writeHead(writer: ByteWriter, head: PartitionHead & { readonly topicIdBytes: Uint8Array }): void {
  writer.bytes(head.topicIdBytes)
  writer.u32(head.partition)
  writer.f64(head.nextOffset)
  writer.f64(head.logStartOffset)
  writer.text(head.fencingToken)
  writer.u32(head.producers.length)
  for (const [id, state] of head.producers) {
    writer.f64(id)
    writer.i16(state.epoch)
    writer.i32(state.lastSequence)
    writer.u8(state.batches.length)
    for (const batch of state.batches) {
      writer.i32(batch.firstSequence)
      writer.i32(batch.lastSequence)
      writer.f64(batch.baseOffset)
      writer.f64(batch.maxTimestamp)
    }
  }
}

function readHead(reader: ByteReader): PartitionHead {
  return {
    topicId: topicIdText(reader.bytes(TOPIC_ID_BYTES), 0),
    partition: reader.u32(),
    nextOffset: reader.f64(),
    logStartOffset: reader.f64(),
    fencingToken: reader.text(),
    producers: Array.from({ length: reader.u32() }, () => readProducer(reader)),
  }
}

function readProducer(reader: ByteReader): readonly [number, ProducerState] {
  const id = reader.f64()
  const epoch = reader.i16()
  const lastSequence = reader.i32()
  const batches = Array.from({ length: reader.u8() }, () => readProducedBatch(reader))
  return [id, { epoch, lastSequence, batches }]
}

function readProducedBatch(reader: ByteReader): ProducedBatch {
  return {
    firstSequence: reader.i32(),
    lastSequence: reader.i32(),
    baseOffset: reader.f64(),
    maxTimestamp: reader.f64(),
  }
}
