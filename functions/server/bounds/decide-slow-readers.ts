/** Which readers are to be cut off, because they take their answers too slowly or because too much waits for all of them. */
import type { ServerBounds } from "./bounds.ts"

export interface Reader {
  /** Bytes that wait to be taken. */
  readonly unsent: number
  /** Since it last finished taking something, milliseconds. */
  readonly idleMs: number
}

type Bounds = Pick<ServerBounds, "maxUnsentBytes" | "slowestReader" | "readerGraceMs">

/**
 * What is handed to a connection at once, such as a whole answer, counts as taken when all of it is: so the time that it
 * may take goes by its size. Where too much waits over all, those go first that have taken nothing for the longest.
 */
export function decideSlowReaders<R extends Reader>(readers: readonly R[], bounds: Bounds): readonly R[] {
  const { maxUnsentBytes, slowestReader, readerGraceMs } = bounds
  const cut = readers.filter(({ unsent, idleMs }) => idleMs > readerGraceMs + (unsent / slowestReader) * 1000)
  const others = readers.filter((reader) => !cut.includes(reader)).sort((a, b) => b.idleMs - a.idleMs)
  let unsent = others.reduce((sum, reader) => sum + reader.unsent, 0)
  for (const reader of others) {
    if (unsent <= maxUnsentBytes) break
    cut.push(reader)
    unsent -= reader.unsent
  }
  return cut
}
