/** Beside a sealed file: where its batches lie, so that opening the journal need not read them. */
import type { Crc32c } from "stratalog/record-batch"
import { type FileLayer, writeFully } from "../files/index.ts"
import type { BatchLocation } from "./batch-index.ts"
import { ByteReader, ByteWriter } from "./byte-codec.ts"
import type { Partition } from "./partition.ts"
import { TOPIC_ID_BYTES, topicIdText } from "./topic-id.ts"

const MAGIC = 0x534c_4931
const HEADER_BYTES = 8
/** Rows written between two turns of the event loop. */
const ROWS_A_TURN = 8192

export interface SidecarStart {
  readonly fileNumber: number
  /** Bytes of the journal file that count. */
  readonly end: number
}

export interface SidecarRow extends BatchLocation {
  readonly topicId: string
  readonly partition: number
}

/** The rows of `fileNumber` out of the partitions' indexes; what was removed meanwhile is left out. Yields to others. */
export async function encodeSidecar(
  { fileNumber, end }: SidecarStart,
  partitions: Iterable<Partition>,
  crc32c: Crc32c,
): Promise<Uint8Array<ArrayBuffer>> {
  const writer = new ByteWriter()
  writer.f64(fileNumber)
  writer.f64(end)
  let turn = 0
  for (const partition of [...partitions]) {
    turn += 16 + writeRows(writer, partition, fileNumber)
    if (turn < ROWS_A_TURN) continue
    turn = 0
    await new Promise((resolve) => setImmediate(resolve))
  }
  const body = writer.take()
  const whole = new ByteWriter()
  whole.u32(MAGIC)
  whole.u32(crc32c(body))
  whole.bytes(body)
  return whole.take()
}

/** The rows in each partition's order, or `undefined` where the bytes are damaged or belong to another file. */
export function decodeSidecar(
  bytes: Uint8Array,
  fileNumber: number,
  crc32c: Crc32c,
): { readonly end: number; readonly rows: Iterable<SidecarRow> } | undefined {
  if (bytes.length < HEADER_BYTES) return undefined
  const header = new ByteReader(bytes.subarray(0, HEADER_BYTES))
  const body = bytes.subarray(HEADER_BYTES)
  if (header.u32() !== MAGIC || header.u32() !== crc32c(body)) return undefined
  const reader = new ByteReader(body)
  if (reader.f64() !== fileNumber) return undefined
  return { end: reader.f64(), rows: readRows(reader, fileNumber) }
}

/** Durable when it answers. A crash before leaves a damaged sidecar or none: then the file itself is read. */
export async function writeSidecar(layer: FileLayer, path: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  await layer.remove(path).catch(() => undefined)
  const file = await layer.open(path, "create")
  try {
    await writeFully(file, [{ position: 0, bytes }])
    await file.sync("sidecar")
  } finally {
    await file.close()
  }
}

function writeRows(writer: ByteWriter, partition: Partition, fileNumber: number): number {
  const { index } = partition
  const from = index.findFile(fileNumber)
  const to = index.findFile(fileNumber + 1)
  if (from === to || partition.gone) return 0
  writer.bytes(partition.topic.idBytes)
  writer.u32(partition.number)
  writer.u32(to - from)
  for (let ordinal = from; ordinal < to; ordinal++) {
    const row = index.at(ordinal)
    writer.f64(row.baseOffset)
    writer.f64(row.maxTimestamp)
    writer.u32(row.position)
    writer.u32(row.size)
    writer.u32(row.recordCount)
  }
  return to - from
}

function* readRows(reader: ByteReader, fileNumber: number): Generator<SidecarRow> {
  while (!reader.done) {
    const topicId = topicIdText(reader.bytes(TOPIC_ID_BYTES), 0)
    const partition = reader.u32()
    for (let left = reader.u32(); left > 0; left--) {
      const baseOffset = reader.f64()
      const maxTimestamp = reader.f64()
      const position = reader.u32()
      const size = reader.u32()
      yield { topicId, partition, baseOffset, maxTimestamp, position, size, recordCount: reader.u32(), fileNumber }
    }
  }
}
