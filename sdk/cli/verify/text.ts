/** Bytes as the lines have them; the producer writes UTF-8. */
export function textOf(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : Buffer.from(bytes).toString()
}
