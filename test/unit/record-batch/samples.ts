/** Text-like data: compressible, but not as easily as a run. */
export function sample(size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, index) => 97 + ((index * index) % 11) + ((index >> 7) % 5))
}
