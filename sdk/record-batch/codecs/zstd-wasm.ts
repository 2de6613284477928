import { corrupt, tooLarge } from "./codec-errors.ts"
import type { DecompressZstdFrame } from "./zstd.ts"

/**
 * The reference implementation as WebAssembly, for platforms without zstd of their own. Loaded on first use, since
 * most never need it; where WebAssembly may not be compiled at run time, loading fails and so does reading the batch.
 */
export const decompressZstdFrameByWasm: DecompressZstdFrame = async (frame, maxBytes) => {
  if (frame.maxBytes === 0) return new Uint8Array(0)
  const { ZSTDDecoder } = await import("zstddec")
  const decoder = new ZSTDDecoder()
  await decoder.init()
  const output = decoder.decode(frame.bytes, Math.min(frame.maxBytes, Math.max(maxBytes, 1)))
  if (output.length > maxBytes) throw tooLarge("zstd", maxBytes)
  // The decoder's way to say that it failed, be it for the data or for the room it was given.
  if (output.length === 0) throw frame.maxBytes > maxBytes ? tooLarge("zstd", maxBytes) : corrupt("zstd", "are damaged")
  return output
}
