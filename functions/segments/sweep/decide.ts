/** Which objects are in the way: nobody names them, and nobody is about to. */
import type { Segment, StoredObject } from "../ports.ts"

/**
 * Objects are written before an entry names them, so a young one may be named soon. `segments` were read after the objects
 * were listed; `storedBefore`: epoch milliseconds, by the storage's clock.
 */
export function orphansAmong(
  objects: readonly StoredObject[],
  segments: readonly Segment[],
  storedBefore: number,
): readonly string[] {
  const named = new Set(segments.map(({ objectKey }) => objectKey))
  return objects.filter(({ key, storedAt }) => storedAt < storedBefore && !named.has(key)).map(({ key }) => key)
}
