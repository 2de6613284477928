/**
 * Shows what lies in a journal's directory: every frame, and every stretch that is none. It takes no lock and writes
 * nothing, so it works beside a running server, whose last group it may meet half written.
 */
import { join } from "node:path"
import type { Crc32c } from "stratalog/record-batch"
import { ifThere, nodeFiles, type OpenFile } from "../files/index.ts"
import { FRAME_HEADER_BYTES, FRAME_MAGIC, FRAME_TYPES, payloadIsWhole, readFrameHeader } from "./frame.ts"
import { decodeFileStart, decodeHeads } from "./heads.ts"
import { parseName } from "./journal-files.ts"
import { type ScannedFrame, scanFrames } from "./scan.ts"

export interface InspectOptions {
  readonly crc32c: Crc32c
  /** Hand out the bytes of each batch. */
  readonly batches?: boolean
}

/** A whole frame. What its type does not use is absent. */
export interface InspectedFrame {
  readonly kind: "frame"
  readonly file: string
  /** Position of the frame in its file. */
  readonly position: number
  /** Header and payload. */
  readonly sizeInBytes: number
  readonly type: string
  readonly topicId?: string
  readonly partition?: number
  readonly baseOffset?: number
  readonly recordCount?: number
  /** Epoch milliseconds. */
  readonly maxTimestamp?: number
  readonly producer?: { readonly id: number; readonly epoch: number; readonly sequence: number }
  /** Whether the payload has the checksum that the header tells. */
  readonly crcOk: boolean
  /** What a frame other than a batch says, in words. */
  readonly detail?: string
  /** The record batch with its base offset. */
  readonly batch?: Uint8Array
}

export type InspectedEntry =
  | { readonly kind: "file"; readonly file: string; readonly sizeInBytes: number }
  | InspectedFrame
  /** Zeros up to the end of the file: room for later. */
  | { readonly kind: "room"; readonly file: string; readonly position: number; readonly sizeInBytes: number }
  | {
      readonly kind: "unreadable"
      readonly file: string
      readonly position: number
      readonly sizeInBytes: number
      readonly reason: string
    }

/** The journal's files in their order. Throws where the directory cannot be read. */
export async function* inspectJournal(directory: string, options: InspectOptions): AsyncGenerator<InspectedEntry> {
  const names = (await nodeFiles.list(directory)).filter((name) => parseName(name)?.kind === "journal").sort()
  for (const name of names) yield* inspectFile(directory, name, options)
}

async function* inspectFile(directory: string, name: string, options: InspectOptions): AsyncGenerator<InspectedEntry> {
  // A running server may have removed the file since it was listed.
  const file = await ifThere(nodeFiles.open(join(directory, name), "read"))
  if (file === undefined) return
  try {
    const size = await file.size()
    const fileNumber = parseName(name)?.number ?? 0
    yield { kind: "file", file: name, sizeInBytes: size }
    for (let position = 0; position < size; ) {
      const frames: InspectedFrame[] = []
      const scan = { file, fileNumber, from: position, to: size, crc32c: options.crc32c, checkBatches: false }
      const stop = await scanFrames(scan, (frame) => frames.push(describe(name, frame, options)))
      yield* frames
      if (stop >= size) return
      const gap = await nextFrame(file, fileNumber, stop, size, options.crc32c)
      yield describeGap(name, stop, gap)
      position = gap.end
    }
  } finally {
    await file.close()
  }
}

function describe(name: string, { header, payload }: ScannedFrame, options: InspectOptions): InspectedFrame {
  const crcOk = payloadIsWhole(header, payload, options.crc32c)
  const frame = {
    kind: "frame",
    file: name,
    position: header.position,
    sizeInBytes: FRAME_HEADER_BYTES + header.payloadBytes,
    type: typeNames.get(header.type) ?? `type ${header.type}`,
    crcOk,
  } as const
  const { topicId, partition, baseOffset, recordCount, maxTimestamp } = header
  switch (header.type) {
    case FRAME_TYPES.batch: {
      const { producerId: id, producerEpoch: epoch, baseSequence: sequence } = header
      const producer = id === -1 ? {} : { producer: { id, epoch, sequence } }
      const batch = options.batches === true ? { batch: payload.slice() } : {}
      return { ...frame, topicId, partition, baseOffset, recordCount, maxTimestamp, ...producer, ...batch }
    }
    case FRAME_TYPES.partitionsCreated:
      return { ...frame, topicId, detail: `partitions 0 to ${partition - 1}` }
    case FRAME_TYPES.topicDeleted:
      return { ...frame, topicId }
    case FRAME_TYPES.logStartMoved:
      return { ...frame, topicId, partition, baseOffset, detail: `the log starts at ${baseOffset}` }
    case FRAME_TYPES.fenceSet:
      return { ...frame, topicId, partition, detail: recordCount === 0 ? "no fencing token" : "a fencing token" }
    case FRAME_TYPES.fileRemoved:
      return { ...frame, detail: `file ${baseOffset} was removed` }
    default:
      return { ...frame, ...(crcOk ? detailOf(header.type, payload) : {}) }
  }
}

const typeNames: ReadonlyMap<number, string> = new Map(Object.entries(FRAME_TYPES).map(([name, type]) => [type, name]))

/** What the payload of a frame says that stands for no single partition. */
function detailOf(type: number, payload: Uint8Array): { readonly detail?: string } {
  if (type === FRAME_TYPES.fileStart) {
    const { previous, previousEnd } = decodeFileStart(payload)
    return { detail: previous === 0 ? "the first file" : `after file ${previous}, which ends at byte ${previousEnd}` }
  }
  if (type === FRAME_TYPES.snapshot) return { detail: `the heads of ${decodeHeads(payload).length} partitions` }
  return {}
}

interface Gap {
  /** Where the next whole frame is, or the file ends. */
  readonly end: number
  readonly isZero: boolean
  readonly atFileEnd: boolean
}

function describeGap(name: string, position: number, { end, isZero, atFileEnd }: Gap): InspectedEntry {
  const place = { file: name, position, sizeInBytes: end - position } as const
  if (isZero && atFileEnd) return { kind: "room", ...place }
  const reason = atFileEnd
    ? "No whole frame follows: a write was cut short, or is under way."
    : "The frame is damaged; the next whole one is behind it."
  return { kind: "unreadable", ...place, reason }
}

const WINDOW_BYTES = 1024 * 1024

/** The next frame behind `from` that says that it belongs where it is. */
async function nextFrame(file: OpenFile, fileNumber: number, from: number, size: number, crc32c: Crc32c): Promise<Gap> {
  const magic = Buffer.alloc(4)
  magic.writeUInt32BE(FRAME_MAGIC)
  const window = Buffer.alloc(WINDOW_BYTES + FRAME_HEADER_BYTES)
  const zeros = Buffer.alloc(window.length)
  let isZero = true
  for (let position = from; position < size; position += WINDOW_BYTES) {
    const bytes = window.subarray(0, await file.read(window, position))
    isZero &&= bytes.equals(zeros.subarray(0, bytes.length))
    for (let at = bytes.indexOf(magic); at !== -1; at = bytes.indexOf(magic, at + 1)) {
      const header = readFrameHeader(bytes, at, crc32c)
      const belongs = header?.fileNumber === fileNumber && header.position === position + at
      if (belongs && header.position > from) return { end: header.position, isZero, atFileEnd: false }
    }
  }
  return { end: size, isZero, atFileEnd: true }
}
