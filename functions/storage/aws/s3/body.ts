import { Readable } from "node:stream"
import { crc32 } from "node:zlib"

/** Parts smaller than this travel together: each piece costs the socket a write. */
const PIECE_BYTES = 128 * 1024

export interface Body {
  readonly bytes: number
  /** CRC-32, big-endian, in base64: as S3 wants it. */
  readonly checksum: string
  /** A stream for one attempt; large parts pass through it uncopied. */
  open(): Readable
}

export function bodyOf(parts: readonly Uint8Array[]): Body {
  const checksum = Buffer.alloc(4)
  checksum.writeUInt32BE(parts.reduce((crc, part) => crc32(part, crc), 0))
  return {
    bytes: parts.reduce((sum, part) => sum + part.length, 0),
    checksum: checksum.toString("base64"),
    open: () => Readable.from(piecesOf(parts), { objectMode: false }),
  }
}

function* piecesOf(parts: readonly Uint8Array[]): Generator<Uint8Array> {
  let small: Uint8Array[] = []
  let bytes = 0
  for (const part of parts) {
    small.push(part)
    bytes += part.length
    if (bytes < PIECE_BYTES) continue
    yield* joined(small)
    small = []
    bytes = 0
  }
  if (bytes > 0) yield* joined(small)
}

function joined(parts: readonly Uint8Array[]): readonly Uint8Array[] {
  const last = parts.at(-1)
  if (last === undefined || last.length < PIECE_BYTES) return [Buffer.concat(parts)]
  return parts.length === 1 ? [last] : [Buffer.concat(parts.slice(0, -1)), last]
}
