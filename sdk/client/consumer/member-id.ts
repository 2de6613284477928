/** A new member's id: 128 random bits, from what a page without HTTPS has, too, which has no `randomUUID`. */
export function newMemberId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")
}
