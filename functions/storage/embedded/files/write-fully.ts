import type { OpenFile } from "./file-layer.ts"

/** Bytes, at least one, and where in a file they go. */
export interface PlacedBytes {
  readonly position: number
  readonly bytes: Uint8Array
}

/** Below the IOV_MAX of every system (1024 on Linux). */
const BUFFERS_A_WRITE = 512

/** Writes pieces that follow each other, going on after short writes. */
export async function writeFully(file: OpenFile, pieces: readonly PlacedBytes[]): Promise<void> {
  for (let rest = [...pieces]; rest.length > 0; ) {
    rest = without(rest, await file.write(buffersOf(rest), rest[0]?.position ?? 0))
  }
}

/** As `writeFully`, on the caller's thread. */
export function writeFullyNow(file: OpenFile, pieces: readonly PlacedBytes[]): void {
  for (let rest = [...pieces]; rest.length > 0; ) {
    rest = without(rest, file.writeNow(buffersOf(rest), rest[0]?.position ?? 0))
  }
}

function buffersOf(pieces: readonly PlacedBytes[]): Uint8Array[] {
  return pieces.slice(0, BUFFERS_A_WRITE).map((piece) => piece.bytes)
}

/** What is left after `written` bytes. */
function without(pieces: PlacedBytes[], written: number): PlacedBytes[] {
  if (written <= 0) throw new Error("the file takes no more bytes and does not say why")
  let left = written
  for (const [index, piece] of pieces.entries()) {
    if (left < piece.bytes.length) {
      const rest = { position: piece.position + left, bytes: piece.bytes.subarray(left) }
      return [rest, ...pieces.slice(index + 1)]
    }
    left -= piece.bytes.length
  }
  return []
}
