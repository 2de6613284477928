/** The secrets of API keys: how they are made, kept and compared. */
import { hash, randomBytes, timingSafeEqual } from "node:crypto"

/** Bytes that nobody can guess. */
export function unguessable(bytes: number): Uint8Array {
  return randomBytes(bytes)
}

/** What is kept of a secret: SHA-256, 32 bytes. */
export function secretHash(secret: string): Uint8Array {
  return hash("sha256", secret, "buffer")
}

/** Takes the same time for every secret and hash. `kept`: 32 bytes. */
export function hasHash(secret: string, kept: Uint8Array): boolean {
  return timingSafeEqual(secretHash(secret), kept)
}
