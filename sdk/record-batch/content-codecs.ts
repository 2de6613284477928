/** gzip and zstd, in which bodies of requests may come, too. */
import { type CompressionStreams, gzipStreamCodec } from "./codecs/gzip-stream.ts"
import { type Zlib, zlibCompressor, zlibDecompressor } from "./codecs/zlib.ts"
import { zstdDecompressor } from "./codecs/zstd.ts"
import { decompressZstdFrameByWasm } from "./codecs/zstd-wasm.ts"
import type { BatchCodecs, Codec } from "./types.ts"

/** The globals that are looked at: Compression Streams, and the process of Node, Bun and Deno for their zlib. */
export interface Platform extends Partial<CompressionStreams> {
  process?: { getBuiltinModule?: (id: string) => unknown }
}

export type ContentCodecs = Pick<BatchCodecs, "gzip" | "zstd">

/** By the zlib of Node (20.16, 22.3 or newer), Bun or Deno where there is one, otherwise by Compression Streams and WebAssembly. */
export function contentCodecs(platform: Platform = globalThis): ContentCodecs {
  const zlib = findZlib(platform)
  return { ...gzip(zlib, platform), zstd: zstd(zlib) }
}

function findZlib(platform: Platform): Zlib | undefined {
  const zlib: unknown = platform.process?.getBuiltinModule?.("node:zlib")
  return isZlib(zlib) ? zlib : undefined
}

function isZlib(module: unknown): module is Zlib {
  return typeof module === "object" && module !== null && "gzip" in module && "gunzipSync" in module
}

function gzip(zlib: Zlib | undefined, { CompressionStream, DecompressionStream }: Platform): { gzip?: Codec } {
  if (zlib !== undefined) {
    const compress = zlibCompressor(zlib.gzipSync, zlib.gzip)
    return { gzip: { compress, decompress: zlibDecompressor("gzip", zlib.gunzipSync, zlib.gunzip) } }
  }
  if (CompressionStream === undefined || DecompressionStream === undefined) return {}
  return { gzip: gzipStreamCodec({ CompressionStream, DecompressionStream }) }
}

function zstd(zlib: Zlib | undefined): Codec {
  const { zstdCompress, zstdCompressSync, zstdDecompress, zstdDecompressSync } = zlib ?? {}
  if (!zstdCompress || !zstdCompressSync || !zstdDecompress || !zstdDecompressSync) {
    return { decompress: zstdDecompressor(decompressZstdFrameByWasm) }
  }
  const decompressFrame = zlibDecompressor("zstd", zstdDecompressSync, zstdDecompress)
  return {
    compress: zlibCompressor(zstdCompressSync, zstdCompress),
    decompress: zstdDecompressor((frame, maxBytes) => decompressFrame(frame.bytes, maxBytes)),
  }
}
