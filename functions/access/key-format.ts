/** What an API key looks like: `stk_<id>_<secret>`. Pure. */

export interface ApiKey {
  /** Tells which key it is, in lists and logs. No secret. */
  readonly id: string
  /** 256 random bits. Only its hash is kept. */
  readonly secret: string
}

/** Fixed, so that scanners for leaked secrets can be told. */
export const KEY_PREFIX = "stk"

export const KEY_ID_BYTES = 10
export const KEY_SECRET_BYTES = 32

/** 10 bytes are 16 characters of base32; 32 bytes are 43 of base64url, the last of which holds four bits. */
const SHAPE = /^stk_([a-z2-7]{16})_([\w-]{42}[AEIMQUYcgkosw048])$/

export function formatKey({ id, secret }: ApiKey): string {
  return `${KEY_PREFIX}_${id}_${secret}`
}

/** Undefined for what cannot be a key. */
export function parseKey(text: string): ApiKey | undefined {
  const [, id, secret] = SHAPE.exec(text) ?? []
  return id === undefined || secret === undefined ? undefined : { id, secret }
}

const ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"

/** `idBytes` and `secretBytes`: random, as many as the constants say. */
export function makeKey(idBytes: Uint8Array, secretBytes: Uint8Array): ApiKey {
  return { id: base32(idBytes), secret: base64Url(secretBytes) }
}

function base32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("")
  const groups = bits.match(/.{5}/g) ?? []
  return groups.map((group) => ALPHABET[Number.parseInt(group, 2)]).join("")
}

function base64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "")
}
