import { gzipSync, zstdCompressSync } from "node:zlib"
import { describe, expect, it } from "vitest"
import { nativeCodecs } from "../../../functions/codecs/native-codecs.ts"
import { decodeBody } from "../../../functions/http/content-encoding.ts"

const codecs = nativeCodecs()
const text = JSON.stringify({ records: [{ value: "x".repeat(2000) }] })
const bytes = Buffer.from(text)
const decode = (encoding: string | undefined, body: Uint8Array, maxBytes = 10_000) =>
  decodeBody(encoding, body, codecs, maxBytes)

describe("the content encoding of a body", () => {
  it.each([
    [undefined, bytes],
    ["identity", bytes],
    ["", bytes],
    ["gzip", gzipSync(bytes)],
    [" GZIP ", gzipSync(bytes)],
    ["zstd", zstdCompressSync(bytes)],
  ])("%s is undone", async (encoding, body) => {
    expect(Buffer.from(await decode(encoding, body)).toString()).toBe(text)
  })

  it.each(["br", "deflate", "gzip, gzip", "snappy", "lz4"])("%s is refused with what is possible", async (encoding) => {
    await expect(decode(encoding, bytes)).rejects.toMatchObject({
      code: "unsupported_encoding",
      message: expect.stringContaining("gzip, zstd"),
      headers: { "accept-encoding": "gzip, zstd" },
    })
  })

  it.each(["gzip", "zstd"])("a body that is no %s is refused", async (encoding) => {
    await expect(decode(encoding, bytes)).rejects.toMatchObject({ code: "malformed_body" })
    const cut = (encoding === "gzip" ? gzipSync(bytes) : zstdCompressSync(bytes)).subarray(0, -9)
    await expect(decode(encoding, cut)).rejects.toMatchObject({ code: "malformed_body" })
  })

  it.each([
    ["gzip", gzipSync],
    ["zstd", zstdCompressSync],
  ] as const)("%s that grows beyond the limit is refused", async (encoding, compress) => {
    const bomb = compress(Buffer.alloc(1_000_000))
    await expect(decode(encoding, bomb)).rejects.toMatchObject({
      code: "body_too_large",
      extensions: { maxBytes: 10_000 },
    })
  })
})
