import { RecordBatchError } from "../errors.ts"
import type { CodecName } from "../types.ts"

/** An error for compressed records that do not decompress; `reason` completes "The gzip records …". */
export function corrupt(codec: CodecName, reason: string, cause?: unknown): RecordBatchError {
  return new RecordBatchError("corrupt", `The ${codec} records ${reason}.`, cause === undefined ? {} : { cause })
}

export function tooLarge(codec: CodecName, maxBytes: number): RecordBatchError {
  return new RecordBatchError(
    "decompressed_too_large",
    `The ${codec} records decompress to more than the ${maxBytes} bytes allowed; send smaller batches.`,
  )
}

/** Runs a library's decompressor, so that what it throws or rejects with comes out as `corrupt`. */
export function guarded<T>(codec: CodecName, decompress: () => T | Promise<T>): T | Promise<T> {
  try {
    const result = decompress()
    return result instanceof Promise ? result.catch((error: unknown) => rethrow(codec, error)) : result
  } catch (error) {
    return rethrow(codec, error)
  }
}

function rethrow(codec: CodecName, error: unknown): never {
  if (error instanceof RecordBatchError) throw error
  throw corrupt(codec, "cannot be decompressed", error)
}
