/** Copies `length` bytes from `distance` back to `to`, where source and target may overlap: then the bytes repeat. */
export function copyMatch(bytes: Uint8Array, to: number, distance: number, length: number): void {
  if (distance >= length && length > 16) {
    bytes.copyWithin(to, to - distance, to - distance + length)
    return
  }
  for (let at = to; at < to + length; at++) bytes[at] = bytes[at - distance] ?? 0
}
