import { createRequire } from "node:module"
import { type BatchCodecs, lz4Codec, portableCodecs, snappyCodec } from "stratalog/record-batch"

interface NativeModules {
  "@node-rs/crc32": typeof import("@node-rs/crc32")
  snappy: typeof import("snappy")
  "lz4-napi": typeof import("lz4-napi")
}

export interface NativeCodecsOptions {
  /** Loads a native package, or throws. */
  load?: <Name extends keyof NativeModules>(name: Name) => NativeModules[Name]
  /** Told of each package that this platform cannot load and the portable code replaces. */
  onFallback?: (name: keyof NativeModules, error: unknown) => void
}

/**
 * Up to this many bytes the native codecs run on the calling thread. At a GB/s or so that is under a tenth of a
 * millisecond, about what handing the work to the thread pool takes.
 */
const SYNC_INPUT_BYTES = 64 * 1024

// Not a static import: one missing binary must not keep the server from starting.
const requirePackage = createRequire(import.meta.url)

/**
 * The server's codecs: gzip and zstd by node:zlib as in the portable ones, CRC-32C, snappy and lz4 by native packages
 * wherever they load; the portable implementation steps in for one that does not.
 */
export function nativeCodecs(options: NativeCodecsOptions = {}): BatchCodecs {
  const { load = (name) => requirePackage(name), onFallback } = options
  const portable = portableCodecs()
  const native = <Name extends keyof NativeModules>(name: Name): NativeModules[Name] | undefined => {
    try {
      return load(name)
    } catch (error) {
      onFallback?.(name, error)
      return undefined
    }
  }
  const crc32 = native("@node-rs/crc32")
  const snappy = native("snappy")
  const lz4 = native("lz4-napi")
  return {
    ...portable,
    // A new Uint8Array of a hundred bytes costs a call into the allocator and work for the garbage collector.
    allocate: (bytes) => Buffer.allocUnsafe(bytes),
    ...(crc32 && { crc32c: (bytes: Uint8Array, initial?: number) => crc32.crc32c(bytes, initial) }),
    ...(snappy && { snappy: nativeSnappy(snappy) }),
    ...(lz4 && { lz4: nativeLz4(lz4) }),
  }
}

function nativeSnappy(snappy: NativeModules["snappy"]) {
  return snappyCodec({
    compress: (bytes) => (isSmall(bytes) ? snappy.compressSync(bytes) : snappy.compress(bytes)),
    decompress: (block) =>
      isSmall(block) ? asBytes(snappy.uncompressSync(block)) : snappy.uncompress(block).then(asBytes),
  })
}

function nativeLz4(lz4: NativeModules["lz4-napi"]) {
  return lz4Codec({
    compress: (bytes) => (isSmall(bytes) ? lz4.compressFrameSync(asBuffer(bytes)) : lz4.compressFrame(bytes)),
    decompress: (frame) => (isSmall(frame) ? lz4.decompressFrameSync(asBuffer(frame)) : lz4.decompressFrame(frame)),
  })
}

function isSmall(bytes: Uint8Array): boolean {
  return bytes.length <= SYNC_INPUT_BYTES
}

/** The package's type allows for text, which it gives only where asked to. */
function asBytes(output: string | Uint8Array): Uint8Array {
  return typeof output === "string" ? Buffer.from(output) : output
}

/** The same memory as a Buffer, which the package's synchronous functions insist on. */
function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
