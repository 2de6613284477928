import { hash } from "node:crypto"

/** Sixteen bytes of SHA-256: two keys that anybody could make alike would cost one of them its records in compaction. */
export function keyHash(key: Uint8Array): Uint8Array {
  return hash("sha256", key, "buffer").subarray(0, 16)
}
