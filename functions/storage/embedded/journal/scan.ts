import type { Crc32c } from "stratalog/record-batch"
import { newerFormat } from "../../../log/newer-format.ts"
import type { OpenFile } from "../files/index.ts"
import {
  FRAME_HEADER_BYTES,
  FRAME_MAGIC,
  FRAME_VERSION,
  type FrameHeader,
  isLaterFrame,
  payloadIsWhole,
  readFrameHeader,
} from "./frame.ts"

const WINDOW_BYTES = 4 * 1024 * 1024

/** A file's bytes through a window that moves forward. */
class FileWindow {
  readonly #file: OpenFile
  readonly size: number
  #bytes = new Uint8Array(0)
  #start = 0

  constructor(file: OpenFile, size: number) {
    this.#file = file
    this.size = size
  }

  /** Bytes from `position`, at least `count` where the file has them. */
  async from(position: number, count: number): Promise<Uint8Array> {
    const end = Math.min(position + count, this.size)
    if (position < this.#start || end > this.#start + this.#bytes.length) {
      const bytes = new Uint8Array(Math.max(0, Math.min(Math.max(count, WINDOW_BYTES), this.size - position)))
      const read = await this.#file.read(bytes, position)
      this.#bytes = bytes.subarray(0, read)
      this.#start = position
    }
    return this.#bytes.subarray(position - this.#start)
  }
}

/** A frame as it was found. The payload is valid only until the next frame is asked for. */
export interface ScannedFrame {
  readonly header: FrameHeader
  readonly payload: Uint8Array
}

export interface ScanRequest {
  readonly file: OpenFile
  readonly fileNumber: number
  /** Absent where it is not known yet: the first frame tells. */
  readonly nonce?: number
  readonly from: number
  /** Where the file's frames end; frames behind are not looked at. */
  readonly to: number
  readonly crc32c: Crc32c
  /** Whether the bytes of batches are checked too, or only the headers. */
  readonly checkBatches: boolean
}

/**
 * Gives each whole frame to `onFrame` and answers where they stop: at the first that is damaged or cut, or at `to`. Throws
 * `NewerFormat` at one that a later version wrote.
 */
export async function scanFrames(request: ScanRequest, onFrame: (frame: ScannedFrame) => void): Promise<number> {
  const { fileNumber, crc32c } = request
  const window = new FileWindow(request.file, request.to)
  let nonce = request.nonce
  for (let position = request.from; ; ) {
    const head = await window.from(position, FRAME_HEADER_BYTES)
    const header = readFrameHeader(head, 0, crc32c)
    if (header === undefined && isLaterFrame(head, 0, { fileNumber, position }, crc32c)) {
      throw newerFormat(`The journal, at byte ${position} of file ${fileNumber},`, FRAME_VERSION)
    }
    if (header === undefined || header.fileNumber !== fileNumber || header.position !== position) return position
    if (nonce !== undefined && header.nonce !== nonce) return position
    const bytes = FRAME_HEADER_BYTES + header.payloadBytes
    if (position + bytes > request.to) return position
    const payload = (await window.from(position, bytes)).subarray(FRAME_HEADER_BYTES, bytes)
    if (request.checkBatches && !payloadIsWhole(header, payload, crc32c)) return position
    nonce = header.nonce
    onFrame({ header, payload })
    position += bytes
  }
}

/** What lies behind the place where the frames of a file stop. */
export interface Remainder {
  /** Whether there is anything but zeros. */
  readonly hasBytes: boolean
  /** The greatest position that a whole frame behind says was durable before it; 0 where there is none. */
  readonly syncedUpTo: number
}

/** Searches the rest of a file for whole frames: they tell damage in the middle from an end that was cut short. */
export async function searchRemainder(
  file: OpenFile,
  fileNumber: number,
  nonce: number | undefined,
  from: number,
  crc32c: Crc32c,
): Promise<Remainder> {
  const magic = Buffer.alloc(4)
  magic.writeUInt32BE(FRAME_MAGIC)
  const window = new FileWindow(file, await file.size())
  let hasBytes = false
  let syncedUpTo = 0
  for (let position = from; position < window.size; ) {
    const view = await window.from(position, WINDOW_BYTES)
    const bytes = Buffer.from(view.buffer, view.byteOffset, view.length)
    hasBytes ||= !bytes.equals(Buffer.alloc(bytes.length))
    for (let at = bytes.indexOf(magic); at !== -1; at = bytes.indexOf(magic, at + 1)) {
      const header = readFrameHeader(bytes, at, crc32c)
      const belongs = header?.fileNumber === fileNumber && header.position === position + at
      if (belongs && (nonce === undefined || header.nonce === nonce)) {
        syncedUpTo = Math.max(syncedUpTo, header.syncedUpTo)
      }
    }
    // A header may lie across the end of this window.
    position += Math.max(1, bytes.length - FRAME_HEADER_BYTES + 1)
    if (bytes.length < FRAME_HEADER_BYTES) break
  }
  return { hasBytes, syncedUpTo }
}
