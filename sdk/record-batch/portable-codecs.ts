import { lz4Codec } from "./codecs/lz4.ts"
import { snappyCodec } from "./codecs/snappy.ts"
import { compressSnappyBlock, decompressSnappyBlock } from "./codecs/snappy-block.ts"
import { contentCodecs, type Platform } from "./content-codecs.ts"
import { portableCrc32c } from "./crc32c.ts"
import type { BatchCodecs } from "./types.ts"

export type { Platform } from "./content-codecs.ts"

/**
 * Codecs for any JavaScript platform: Snappy, LZ4 and CRC-32C in plain JavaScript; gzip and zstd by the zlib of Node
 * (20.16, 22.3 or newer), Bun or Deno where there is one, otherwise by Compression Streams and WebAssembly.
 * zstd can be written only where zlib has it (Node 22.15 or newer).
 */
export function portableCodecs(platform: Platform = globalThis): BatchCodecs {
  return {
    crc32c: portableCrc32c,
    ...contentCodecs(platform),
    snappy: snappyCodec({ compress: compressSnappyBlock, decompress: decompressSnappyBlock }),
    lz4: lz4Codec(),
  }
}
