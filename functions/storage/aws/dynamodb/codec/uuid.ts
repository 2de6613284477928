/** UUIDs in canonical lower-case text, as 16 bytes, and as 22 characters of base64url. */

export const UUID_PATTERN = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
const UUID = new RegExp(`^${UUID_PATTERN}$`)
export const UUID_BYTES = 16

export function isUuid(text: string): boolean {
  return UUID.test(text)
}

export function uuidBytes(text: string): Uint8Array {
  return Buffer.from(text.replaceAll("-", ""), "hex")
}

export function uuidText(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString("hex")
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** Throws a TypeError on anything but a canonical UUID: another spelling would come back changed. */
export function shortUuid(text: string): string {
  if (!isUuid(text)) throw new TypeError(`A topic id is a UUID in lower case, not "${text}".`)
  return Buffer.from(uuidBytes(text)).toString("base64url")
}

export function longUuid(short: string): string {
  return uuidText(Buffer.from(short, "base64url"))
}
