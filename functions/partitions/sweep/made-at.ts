/** When a UUID of version 7 was made, epoch milliseconds: its first 48 bits. What is none was made at no time yet known. */
export function madeAt(uuid: string): number {
  const digits = /^([0-9a-f]{8})-([0-9a-f]{4})-7/.exec(uuid)
  return digits === null ? Number.POSITIVE_INFINITY : Number.parseInt(`${digits[1]}${digits[2]}`, 16)
}
