import type { CodecName } from "../types.ts"
import { corrupt, guarded, tooLarge } from "./codec-errors.ts"

/** With `info`, zlib returns the engine too, which knows how much of the input it used. Some runtimes ignore it. */
interface DecompressOptions {
  maxOutputLength: number
  info: true
}
type Decompressed = Uint8Array | { buffer: Uint8Array; engine: { bytesWritten: number } }
type Callback<T> = (error: Error | null, result: T) => void

/** The part of `node:zlib` that is used; zstd came with Node 22.15. */
export interface Zlib {
  gzip(bytes: Uint8Array, callback: Callback<Uint8Array>): void
  gzipSync(bytes: Uint8Array): Uint8Array
  gunzip(bytes: Uint8Array, options: DecompressOptions, callback: Callback<Decompressed>): void
  gunzipSync(bytes: Uint8Array, options: DecompressOptions): Decompressed
  zstdCompress?(bytes: Uint8Array, callback: Callback<Uint8Array>): void
  zstdCompressSync?(bytes: Uint8Array): Uint8Array
  zstdDecompress?(bytes: Uint8Array, options: DecompressOptions, callback: Callback<Decompressed>): void
  zstdDecompressSync?(bytes: Uint8Array, options: DecompressOptions): Decompressed
}

/**
 * Up to this many bytes zlib runs on the calling thread: there it takes well under a millisecond, as long as handing
 * the work to the thread pool and back. Above, a batch must not hold up everything else in the process.
 */
export const SYNC_INPUT_BYTES = 16 * 1024

type CompressSync = (bytes: Uint8Array) => Uint8Array
type Compress = (bytes: Uint8Array, callback: Callback<Uint8Array>) => void
type DecompressSync = (bytes: Uint8Array, options: DecompressOptions) => Decompressed
type Decompress = (bytes: Uint8Array, options: DecompressOptions, callback: Callback<Decompressed>) => void

/** A compressor from zlib's two forms of it. zlib writes no modification time, so equal input gives equal output. */
export function zlibCompressor(compressSync: CompressSync, compress: Compress) {
  return (bytes: Uint8Array): Uint8Array | Promise<Uint8Array> =>
    bytes.length <= SYNC_INPUT_BYTES
      ? compressSync(bytes)
      : new Promise((resolve, reject) => {
          compress(bytes, (error, result) => (error ? reject(error) : resolve(result)))
        })
}

/** A bounded decompressor from zlib's two forms of it, with its errors made a RecordBatchError. */
export function zlibDecompressor(codec: CodecName, decompressSync: DecompressSync, decompress: Decompress) {
  return (bytes: Uint8Array, maxBytes: number): Uint8Array | Promise<Uint8Array> => {
    const options: DecompressOptions = { maxOutputLength: outputLimit(maxBytes), info: true }
    const finish = (result: Decompressed) => wholeInput(codec, bytes, result, maxBytes)
    return guarded(codec, () => {
      if (bytes.length > SYNC_INPUT_BYTES) {
        return new Promise<Decompressed>((resolve, reject) => {
          decompress(bytes, options, (error, result) =>
            error ? reject(zlibError(codec, error, maxBytes)) : resolve(result),
          )
        }).then(finish)
      }
      try {
        return finish(decompressSync(bytes, options))
      } catch (error) {
        throw zlibError(codec, error, maxBytes)
      }
    })
  }
}

/** zlib wants at least 1 and has a maximum of its own, above the 2 GiB that a batch can hold. */
function outputLimit(maxBytes: number): number {
  return Math.min(Math.max(maxBytes, 1), 0x7fff_ffff)
}

/** zlib stops quietly where something other than a further member follows; that would hide damage. */
function wholeInput(codec: CodecName, bytes: Uint8Array, result: Decompressed, maxBytes: number): Uint8Array {
  const output = "engine" in result ? result.buffer : result
  if ("engine" in result && result.engine.bytesWritten !== bytes.length) {
    throw corrupt(codec, `end after ${result.engine.bytesWritten} of ${bytes.length} bytes`)
  }
  if (output.length > maxBytes) throw tooLarge(codec, maxBytes)
  return output
}

function zlibError(codec: CodecName, error: unknown, maxBytes: number): unknown {
  const code = error instanceof Error && "code" in error ? error.code : undefined
  return code === "ERR_BUFFER_TOO_LARGE" ? tooLarge(codec, maxBytes) : error
}
