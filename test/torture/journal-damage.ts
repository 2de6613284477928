/** Changes a journal at rest, as a power failure or a bug in its recovery would. */
import { existsSync } from "node:fs"
import { open, readdir, readFile } from "node:fs/promises"
import { join } from "node:path"
import { encodeBatch, patchBaseOffset, portableCrc32c } from "stratalog/record-batch"
import {
  FRAME_HEADER_BYTES,
  FRAME_TYPES,
  type FrameHeader,
  readFrameHeader,
  writeFrameHeader,
} from "../../functions/storage/embedded/journal/frame.ts"
import type { Random } from "./random.ts"

export interface NewestFile {
  readonly path: string
  readonly bytes: Buffer
  /** Headers of the whole frames, in order. */
  readonly frames: readonly FrameHeader[]
  /** Where the frames end. */
  readonly end: number
}

/** Where a server keeps its journal. */
export function journalDirectory(dataDir: string): string {
  return join(dataDir, "journal")
}

/** Paths of the journal's files, oldest first; none before a server was there. */
async function journalFiles(dataDir: string): Promise<string[]> {
  const directory = journalDirectory(dataDir)
  if (!existsSync(directory)) return []
  const names = await readdir(directory)
  return names
    .filter((name) => name.endsWith(".journal"))
    .sort()
    .map((name) => join(directory, name))
}

/** The newest file with frames in it, or `undefined` where there is none yet. */
export async function readNewestFile(dataDir: string): Promise<NewestFile | undefined> {
  for (const path of (await journalFiles(dataDir)).toReversed()) {
    const bytes = await readFile(path)
    const frames: FrameHeader[] = []
    let end = 0
    for (let header = readFrameHeader(bytes, 0, portableCrc32c); header?.position === end; ) {
      frames.push(header)
      end += FRAME_HEADER_BYTES + header.payloadBytes
      header = readFrameHeader(bytes, end, portableCrc32c)
    }
    if (frames.length > 0) return { path, bytes, frames, end }
  }
  return undefined
}

async function overwrite(path: string, position: number, bytes: Uint8Array): Promise<void> {
  const file = await open(path, "r+")
  try {
    await file.write(bytes, 0, bytes.length, position)
  } finally {
    await file.close()
  }
}

/**
 * Leaves behind the journal's end what a write leaves that the power cut short: noise, or a batch of which the header
 * and the first part arrived. It was never acknowledged, so recovery has to drop it. Answers whether it did.
 */
export async function tearTail(dataDir: string, random: Random, name: string): Promise<boolean> {
  const newest = await readNewestFile(dataDir)
  if (newest === undefined) return false
  const noise = Buffer.from(Array.from({ length: 1 + random.int(700) }, () => 1 + random.int(255)))
  const torn = random.chance(0.3) ? undefined : tornBatch(newest, name)
  await overwrite(newest.path, newest.end, torn ?? noise)
  return true
}

/** The frame of a batch that would come next, its records' last half not written. */
function tornBatch({ frames, end }: NewestFile, name: string): Uint8Array | undefined {
  const last = frames.findLast((frame) => frame.type === FRAME_TYPES.batch)
  if (last === undefined) return undefined
  const value = new TextEncoder().encode(`torn ${name} `.padEnd(600, "x"))
  const record = { timestamp: last.maxTimestamp, key: null, value }
  const payload = encodeBatch({ records: [record] }, portableCrc32c)
  const baseOffset = last.baseOffset + last.recordCount
  patchBaseOffset(payload, baseOffset)
  const frame = new Uint8Array(FRAME_HEADER_BYTES + payload.length)
  const content = {
    type: FRAME_TYPES.batch,
    topicId: uuidBytes(last.topicId),
    partition: last.partition,
    recordCount: 1,
    baseOffset,
    maxTimestamp: last.maxTimestamp,
    producerId: -1,
    producerEpoch: -1,
    baseSequence: -1,
    payload,
  }
  const place = { fileNumber: last.fileNumber, nonce: last.nonce, syncedUpTo: last.syncedUpTo }
  writeFrameHeader(new DataView(frame.buffer), 0, content, place, end, portableCrc32c)
  frame.set(payload, FRAME_HEADER_BYTES)
  // Up to the record's last byte, its count of headers, which is zero by itself.
  frame.fill(0, FRAME_HEADER_BYTES + payload.length - 300)
  return frame
}

function uuidBytes(uuid: string): Uint8Array {
  return Buffer.from(uuid.replaceAll("-", ""), "hex")
}

/** Makes the checksums of a torn last frame right, as if recovery had not looked at them. */
export async function acceptTornTail(dataDir: string): Promise<void> {
  const newest = await readNewestFile(dataDir)
  const last = newest?.frames.at(-1)
  if (newest === undefined || last?.type !== FRAME_TYPES.batch) return
  const frame = new Uint8Array(newest.bytes.subarray(last.position, newest.end))
  const payload = frame.subarray(FRAME_HEADER_BYTES)
  const CRC_AT = 17
  const COVERED_FROM = 21
  new DataView(payload.buffer, payload.byteOffset).setUint32(CRC_AT, portableCrc32c(payload.subarray(COVERED_FROM)))
  const content = { ...last, type: FRAME_TYPES.batch, topicId: uuidBytes(last.topicId), payload }
  writeFrameHeader(new DataView(frame.buffer), 0, content, last, last.position, portableCrc32c)
  await overwrite(newest.path, last.position, frame)
}

/** Forgets the newest batch, so that its offset is given out again. */
export async function dropLastBatch(dataDir: string): Promise<void> {
  const newest = await readNewestFile(dataDir)
  const last = newest?.frames.at(-1)
  if (newest === undefined || last?.type !== FRAME_TYPES.batch) return
  await overwrite(newest.path, last.position, new Uint8Array(newest.end - last.position))
}
