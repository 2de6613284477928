import type { Codec } from "../types.ts"
import { guarded, tooLarge } from "./codec-errors.ts"
import { readZstdFrames, type ZstdFrame } from "./zstd-frame.ts"

/** Decompresses one complete frame to at most `maxBytes`; its declared size, if any, is within them. */
export type DecompressZstdFrame = (frame: ZstdFrame, maxBytes: number) => Uint8Array | Promise<Uint8Array>

/**
 * A zstd decompressor over one that takes a single frame, since libraries disagree about what follows the first.
 * A frame that declares too large a content is refused before anything is decompressed.
 */
export function zstdDecompressor(decompressFrame: DecompressZstdFrame): Codec["decompress"] {
  return (bytes, maxBytes) =>
    guarded("zstd", () => {
      const frames = readZstdFrames(bytes)
      let declared = 0
      for (const frame of frames) declared += frame.contentSize ?? 0
      if (declared > maxBytes) throw tooLarge("zstd", maxBytes)
      const [frame] = frames
      return frame !== undefined && frames.length === 1
        ? decompressFrame(frame, maxBytes)
        : decompressAll(frames, maxBytes, decompressFrame)
    })
}

async function decompressAll(
  frames: readonly ZstdFrame[],
  maxBytes: number,
  decompressFrame: DecompressZstdFrame,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let size = 0
  for (const frame of frames) {
    const part = await decompressFrame(frame, maxBytes - size)
    parts.push(part)
    size += part.length
  }
  const out = new Uint8Array(size)
  let to = 0
  for (const part of parts) {
    out.set(part, to)
    to += part.length
  }
  return out
}
