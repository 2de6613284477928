/** Little that becomes much when it is decompressed. */
import { gzipSync, zstdCompressSync } from "node:zlib"
import { BATCH_TYPE, limits } from "stratalog/protocol"
import type { CodecName } from "stratalog/record-batch"
import { batchOf } from "../conformance/batch.ts"

export interface Bomb {
  readonly name: string
  readonly headers: string
  readonly body: Uint8Array
}

const CODECS: readonly CodecName[] = ["gzip", "snappy", "lz4", "zstd"]

export async function makeBombs(): Promise<readonly [Bomb, ...Bomb[]]> {
  const tooMuch = Buffer.alloc(4 * limits.maxRequestBytes, "[")
  const value = "x".repeat(limits.maxDecompressedBytes + 1)
  const batches = await Promise.all(
    CODECS.map(async (codec) => ({
      name: `a batch in ${codec}`,
      headers: `Content-Type: ${BATCH_TYPE}\r\n`,
      body: await batchOf([value], { codec }),
    })),
  )
  return [
    { name: "a body in gzip", headers: "Content-Encoding: gzip\r\n", body: gzipSync(tooMuch) },
    { name: "a body in zstd", headers: "Content-Encoding: zstd\r\n", body: zstdCompressSync(tooMuch) },
    ...batches,
  ]
}
