/** What a record holds, without its offset: a copy has it at another one. */
import { createHash, type Hash } from "node:crypto"
import type { BatchRecord } from "../../record-batch/types.ts"

export function addContent(hash: Hash, { timestamp, key, value, headers }: BatchRecord): void {
  hash.update(`${timestamp},${headers.length}`)
  for (const part of [key, value, ...headers.flatMap(([name, bytes]) => [Buffer.from(name), bytes])]) {
    hash.update(part === null ? ",null," : `,${part.length},`)
    if (part !== null) hash.update(part)
  }
}

/** SHA-256, in base 64. */
export function digestOf(record: BatchRecord): string {
  const hash = createHash("sha256")
  addContent(hash, record)
  return hash.digest("base64")
}
