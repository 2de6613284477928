import type { Codec } from "../types.ts"
import { corrupt, guarded, tooLarge } from "./codec-errors.ts"

/** Where a gzip header has its modification time. */
const MTIME_AT = 4

type Transform = { readable: ReadableStream<Uint8Array>; writable: WritableStream<BufferSource> }

/** The web platform's Compression Streams, as far as they are used. */
export interface CompressionStreams {
  CompressionStream: new (format: "gzip") => Transform
  DecompressionStream: new (format: "gzip") => Transform
}

/**
 * The gzip codec over Compression Streams, for platforms without zlib. Stops reading once past the bound.
 * Reads a single member, which is what Kafka's clients write: the streams refuse anything after it.
 */
export function gzipStreamCodec({ CompressionStream, DecompressionStream }: CompressionStreams): Codec {
  return {
    compress: async (bytes) => {
      const gzip = await transformBytes(bytes, new CompressionStream("gzip"), Number.POSITIVE_INFINITY)
      // The same records give the same bytes at any time.
      return gzip.fill(0, MTIME_AT, MTIME_AT + 4)
    },
    decompress: (bytes, maxBytes) =>
      guarded("gzip", () => transformBytes(bytes, new DecompressionStream("gzip"), maxBytes)),
  }
}

async function transformBytes(bytes: Uint8Array, { readable, writable }: Transform, maxBytes: number) {
  const reader = readable.getReader()
  const writing = writeAll(bytes, writable)
  const chunks: Uint8Array[] = []
  let size = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    size += value.length
    if (size > maxBytes) {
      await reader.cancel()
      throw tooLarge("gzip", maxBytes)
    }
    chunks.push(value)
  }
  const failure = await writing
  if (failure !== undefined) throw corrupt("gzip", "cannot be decompressed", failure)
  return concatenate(chunks, size)
}

/** Resolves to the failure, if any: mostly the reader fails first, and a rejection here would then go unhandled. */
async function writeAll(bytes: Uint8Array, writable: WritableStream<BufferSource>): Promise<unknown> {
  const writer = writable.getWriter()
  try {
    await Promise.all([writer.write(new Uint8Array(bytes)), writer.close()])
    return undefined
  } catch (error) {
    return error
  }
}

function concatenate(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const out = new Uint8Array(size)
  let to = 0
  for (const chunk of chunks) {
    out.set(chunk, to)
    to += chunk.length
  }
  return out
}
