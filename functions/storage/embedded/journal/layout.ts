/** Lays the frames of one group out as the buffers that one write takes. */
import { type Crc32c, patchBaseOffset } from "stratalog/record-batch"
import { FRAME_HEADER_BYTES, FRAME_TYPES, type FrameContent, type FramePlace, writeFrameHeader } from "./frame.ts"

const SLAB_BYTES = 256 * 1024

/** Payloads up to here are copied beside their headers: cheaper than a buffer of their own in the write. */
const COPIED_BYTES = 16 * 1024

interface Slab {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly view: DataView<ArrayBuffer>
}

/** Bytes that follow each other in the file and in memory. */
export interface Piece {
  readonly position: number
  readonly bytes: Uint8Array<ArrayBuffer>
}

/**
 * Memory for frames, handed out front to back and never twice: what is written from here stays readable in the tail
 * memory. So one copy of a small batch serves the write and the readers, and the request's own buffer is let go.
 */
export class FrameMemory {
  #slab: Slab | undefined
  #used = 0

  /** `bytes` (at most a slab) in a row. */
  take(bytes: number): { readonly slab: Slab; readonly at: number } {
    if (this.#slab === undefined || this.#used + bytes > SLAB_BYTES) {
      // Not from Node's pool: a slab lives longer than its neighbours there would.
      const memory = new Uint8Array(Buffer.allocUnsafeSlow(SLAB_BYTES).buffer)
      this.#slab = { bytes: memory, view: new DataView(memory.buffer) }
      this.#used = 0
    }
    const at = this.#used
    this.#used += bytes
    return { slab: this.#slab, at }
  }
}

export function frameBytes(frame: FrameContent): number {
  return FRAME_HEADER_BYTES + frame.payload.length
}

/** Writes base offsets and headers, and copies the small batches. The pieces follow each other from `position`. */
export function layOut(
  frames: readonly FrameContent[],
  memory: FrameMemory,
  place: FramePlace,
  position: number,
  crc32c: Crc32c,
): Piece[] {
  const pieces: Piece[] = []
  let at = position
  for (const frame of frames) {
    const copied = frame.payload.length <= COPIED_BYTES
    const { slab, at: start } = memory.take(FRAME_HEADER_BYTES + (copied ? frame.payload.length : 0))
    let payload = frame.payload
    if (copied) {
      slab.bytes.set(payload, start + FRAME_HEADER_BYTES)
      payload = slab.bytes.subarray(start + FRAME_HEADER_BYTES, start + FRAME_HEADER_BYTES + payload.length)
    }
    if (frame.type === FRAME_TYPES.batch) patchBaseOffset(payload, frame.baseOffset)
    writeFrameHeader(slab.view, start, payload === frame.payload ? frame : { ...frame, payload }, place, at, crc32c)
    const inSlab = FRAME_HEADER_BYTES + (copied ? payload.length : 0)
    addPiece(pieces, at, slab.bytes.subarray(start, start + inSlab))
    if (!copied) pieces.push({ position: at + FRAME_HEADER_BYTES, bytes: ownMemory(payload) })
    at += FRAME_HEADER_BYTES + payload.length
  }
  return pieces
}

function addPiece(pieces: Piece[], position: number, bytes: Uint8Array<ArrayBuffer>): void {
  const last = pieces.at(-1)
  if (last !== undefined && last.bytes.buffer === bytes.buffer) {
    const end = last.bytes.byteOffset + last.bytes.length
    if (end === bytes.byteOffset) {
      const whole = new Uint8Array(bytes.buffer, last.bytes.byteOffset, last.bytes.length + bytes.length)
      pieces[pieces.length - 1] = { position: last.position, bytes: whole }
      return
    }
  }
  pieces.push({ position, bytes })
}

/** The same bytes, copied where they are a small part of a bigger buffer that would live on with them. */
function ownMemory(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const buffer = bytes.buffer
  if (buffer instanceof ArrayBuffer && buffer.byteLength <= bytes.length + (bytes.length >>> 2)) {
    return new Uint8Array(buffer, bytes.byteOffset, bytes.length)
  }
  return new Uint8Array(bytes)
}
