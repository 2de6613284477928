/** Topic ids are UUIDs: 16 bytes in the journal, canonical lower-case text elsewhere. */

export const TOPIC_ID_BYTES = 16

const CANONICAL = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Throws a TypeError on anything but a canonical UUID: another spelling would come back changed after a restart. */
export function topicIdBytes(topicId: string): Uint8Array {
  if (!CANONICAL.test(topicId)) throw new TypeError(`A topic id is a UUID in lower case, not "${topicId}".`)
  return Uint8Array.from(Buffer.from(topicId.replaceAll("-", ""), "hex"))
}

export function topicIdText(bytes: Uint8Array, at: number): string {
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset + at, TOPIC_ID_BYTES).toString("hex")
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
