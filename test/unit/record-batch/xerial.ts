import { compressSync } from "snappy"

/** xerial's Snappy framing, as Java clients and kafka-python write it: a header, then raw blocks with their lengths. */
export function xerial(parts: readonly Uint8Array[]): Uint8Array {
  const header = Buffer.concat([Buffer.from([0x82]), Buffer.from("SNAPPY\0"), Buffer.from([0, 0, 0, 1, 0, 0, 0, 1])])
  const blocks = parts.flatMap((part) => {
    const block = compressSync(part)
    const length = Buffer.alloc(4)
    length.writeInt32BE(block.length)
    return [length, block]
  })
  return new Uint8Array(Buffer.concat([header, ...blocks]))
}
