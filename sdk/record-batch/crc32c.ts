import type { Crc32c } from "./types.ts"

const CASTAGNOLI_REVERSED = 0x82f63b78

let cachedTables: Int32Array | undefined

/** Eight tables of 256 entries, one after another: table k advances a byte over k further zero bytes. */
function slicingTables(): Int32Array {
  if (cachedTables !== undefined) return cachedTables
  const tables = new Int32Array(8 * 256)
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ CASTAGNOLI_REVERSED : crc >>> 1
    tables[byte] = crc
  }
  for (let index = 256; index < tables.length; index++) {
    const previous = tables[index - 256] ?? 0
    tables[index] = (previous >>> 8) ^ (tables[previous & 0xff] ?? 0)
  }
  cachedTables = tables
  return tables
}

/** CRC-32C in plain JavaScript (slicing by 8), for platforms without a native one. */
export const portableCrc32c: Crc32c = (bytes, initial = 0) => {
  const t = slicingTables()
  const length = bytes.length
  let crc = ~initial
  let at = 0
  for (const last = length - 8; at <= last; at += 8) {
    const low =
      crc ^
      ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24))
    crc =
      (t[1792 + (low & 0xff)] ?? 0) ^
      (t[1536 + ((low >>> 8) & 0xff)] ?? 0) ^
      (t[1280 + ((low >>> 16) & 0xff)] ?? 0) ^
      (t[1024 + (low >>> 24)] ?? 0) ^
      (t[768 + (bytes[at + 4] ?? 0)] ?? 0) ^
      (t[512 + (bytes[at + 5] ?? 0)] ?? 0) ^
      (t[256 + (bytes[at + 6] ?? 0)] ?? 0) ^
      (t[bytes[at + 7] ?? 0] ?? 0)
  }
  for (; at < length; at++) crc = (crc >>> 8) ^ (t[(crc ^ (bytes[at] ?? 0)) & 0xff] ?? 0)
  return ~crc >>> 0
}
