import { requireInteger } from "./integers.ts"

const MURMUR2_SEED = 0x9747b28c
const MURMUR2_M = 0x5bd1e995

/** Kafka's murmur2 of a key, as a signed 32-bit number (org.apache.kafka.common.utils.Utils.murmur2). */
export function murmur2(key: Uint8Array): number {
  const length = key.length
  const tail = length & ~3
  let hash = MURMUR2_SEED ^ length
  for (let at = 0; at < tail; at += 4) {
    let k = (key[at] ?? 0) | ((key[at + 1] ?? 0) << 8) | ((key[at + 2] ?? 0) << 16) | ((key[at + 3] ?? 0) << 24)
    k = Math.imul(k, MURMUR2_M)
    k ^= k >>> 24
    hash = Math.imul(hash, MURMUR2_M) ^ Math.imul(k, MURMUR2_M)
  }
  if (tail < length) {
    // Bytes beyond the end read as 0 and so change nothing.
    hash ^= (key[tail] ?? 0) | ((key[tail + 1] ?? 0) << 8) | ((key[tail + 2] ?? 0) << 16)
    hash = Math.imul(hash, MURMUR2_M)
  }
  hash ^= hash >>> 13
  hash = Math.imul(hash, MURMUR2_M)
  return hash ^ (hash >>> 15)
}

/** The partition that Kafka's Java client, kafkajs and this SDK choose for a key. */
export function murmur2Partition(key: Uint8Array, partitions: number): number {
  requireInteger("The number of partitions", partitions, 1, 0x7fff_ffff)
  return (murmur2(key) & 0x7fff_ffff) % partitions
}

/** The partition that librdkafka's `consistent` partitioner chooses: CRC-32 (IEEE, not CRC-32C) modulo partitions. */
export function crc32Partition(key: Uint8Array, partitions: number): number {
  requireInteger("The number of partitions", partitions, 1, 0x7fff_ffff)
  return crc32(key) % partitions
}

const CRC32_REVERSED = 0xedb88320

// Keys are short and producers that want this partitioner few: no table.
function crc32(bytes: Uint8Array): number {
  let crc = -1
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ CRC32_REVERSED : crc >>> 1
  }
  return ~crc >>> 0
}
