import { randomBytes } from "node:crypto"
import type { PartitionIds } from "../partitions/dependencies.ts"

/** Random names, those of placed batches with the time in front (UUID version 7, RFC 9562). */
export function partitionIds(now: () => number = Date.now): PartitionIds {
  return { entry: () => randomBytes(8).toString("hex"), placement: () => uuidV7(now()) }
}

function uuidV7(milliseconds: number): string {
  const bytes = randomBytes(16)
  bytes.writeUIntBE(milliseconds, 0, 6)
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = bytes.toString("hex")
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-")
}
