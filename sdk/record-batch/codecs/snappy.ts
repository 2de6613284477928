import { readU32 } from "../integers.ts"
import type { Codec } from "../types.ts"
import { corrupt, guarded, tooLarge } from "./codec-errors.ts"
import { readSnappyLength } from "./snappy-block.ts"

/** A raw Snappy implementation; `decompress` is called only where the declared length is within the bound. */
export interface SnappyBlocks {
  compress(bytes: Uint8Array): Uint8Array | Promise<Uint8Array>
  decompress(block: Uint8Array): Uint8Array | Promise<Uint8Array>
}

// Java clients and kafka-python wrap Snappy in xerial's stream format (snappy-java, SnappyOutputStream):
//
//   82 "SNAPPY" 00 | version i32 | compatible version i32 | (length i32 | raw block)*
//
// librdkafka and those that follow it send one raw block.
const XERIAL_MAGIC = [0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]
const XERIAL_HEADER_BYTES = 16

/** The snappy codec over a raw implementation: reads both framings, writes the raw one, which every client reads. */
export function snappyCodec(blocks: SnappyBlocks): Codec {
  return {
    compress: (bytes) => blocks.compress(bytes),
    decompress: (bytes, maxBytes) =>
      guarded("snappy", () => {
        if (isXerial(bytes)) return decompressXerial(bytes, maxBytes, blocks)
        if (readSnappyLength(bytes).length > maxBytes) throw tooLarge("snappy", maxBytes)
        return blocks.decompress(bytes)
      }),
  }
}

function isXerial(bytes: Uint8Array): boolean {
  return bytes.length >= XERIAL_HEADER_BYTES && XERIAL_MAGIC.every((byte, at) => bytes[at] === byte)
}

async function decompressXerial(bytes: Uint8Array, maxBytes: number, blocks: SnappyBlocks): Promise<Uint8Array> {
  const plan = planXerial(bytes)
  if (plan.totalLength > maxBytes) throw tooLarge("snappy", maxBytes)
  const out = new Uint8Array(plan.totalLength)
  let to = 0
  for (const block of plan.blocks) {
    const part = await blocks.decompress(block)
    out.set(part, to)
    to += part.length
  }
  return out
}

function planXerial(bytes: Uint8Array): { blocks: Uint8Array[]; totalLength: number } {
  const blocks: Uint8Array[] = []
  let totalLength = 0
  for (let at = XERIAL_HEADER_BYTES; at < bytes.length; ) {
    const size = bytes.length - at < 4 ? Number.POSITIVE_INFINITY : readU32(bytes, at)
    at += 4
    if (size > bytes.length - at) throw corrupt("snappy", `have a block at byte ${at} that is cut`)
    const block = bytes.subarray(at, at + size)
    totalLength += readSnappyLength(block).length
    blocks.push(block)
    at += size
  }
  return { blocks, totalLength }
}
