/** Request bodies that are gzip- or zstd-encoded, decoded within a bound. */
import type { ContentCodecs } from "stratalog/record-batch"
import { RecordBatchError } from "stratalog/record-batch"
import { Refusal } from "./exchange.ts"

const SUPPORTED = ["gzip", "zstd"] as const

export function bodyTooLarge(maxBytes: number): Refusal {
  return new Refusal("body_too_large", `The body is larger than ${maxBytes} bytes: send several smaller requests.`, {
    maxBytes,
  })
}

/** Whoever sent it is gone, or took too long: hardly anybody hears of it, and it is no defect. */
export function bodyCutOff(): Refusal {
  return new Refusal("request_timeout", "The connection ended before the body was there.")
}

export async function decodeBody(
  encoding: string | undefined,
  bytes: Uint8Array,
  codecs: ContentCodecs,
  maxBytes: number,
): Promise<Uint8Array> {
  const name = encoding?.trim().toLowerCase() ?? "identity"
  if (name === "identity" || name === "") return bytes
  const supported = SUPPORTED.find((one) => one === name)
  const codec = supported === undefined ? undefined : codecs[supported]
  if (codec === undefined) {
    const detail = `Content-Encoding ${JSON.stringify(encoding)} is not supported: use ${SUPPORTED.join(", ")} or none.`
    throw new Refusal("unsupported_encoding", detail, {}, { "accept-encoding": SUPPORTED.join(", ") })
  }
  try {
    return await codec.decompress(bytes, maxBytes)
  } catch (error) {
    if (!(error instanceof RecordBatchError)) throw error
    if (error.code === "decompressed_too_large") throw bodyTooLarge(maxBytes)
    throw new Refusal("malformed_body", `The body is not valid ${name}: ${error.message}`)
  }
}
