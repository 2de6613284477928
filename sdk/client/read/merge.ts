/** Several sources read at the same time, their chunks given as they arrive. */

export interface ChunkSource<T> {
  /** The next chunk, or undefined at the end. */
  next(): Promise<T | undefined>
}

type Arrival<T> =
  | { readonly kind: "chunk"; readonly source: ChunkSource<T>; readonly chunk: T }
  | { readonly kind: "end" }
  | { readonly kind: "failed"; readonly error: unknown }

/**
 * Each source has at most one chunk waiting here while its next one is on the way: a slow consumer slows the sources
 * down. Order is kept within a source. The first failure ends the merge.
 */
export async function* mergeChunks<T>(sources: readonly ChunkSource<T>[]): AsyncGenerator<T, void, undefined> {
  const arrivals: Arrival<T>[] = []
  let wake = () => {}
  const arrive = (arrival: Arrival<T>) => {
    arrivals.push(arrival)
    wake()
  }
  const pull = (source: ChunkSource<T>) => {
    source.next().then(
      (chunk) => arrive(chunk === undefined ? { kind: "end" } : { kind: "chunk", source, chunk }),
      (error: unknown) => arrive({ kind: "failed", error }),
    )
  }
  for (const source of sources) pull(source)
  for (let open = sources.length; open > 0; ) {
    const arrival = arrivals.shift()
    if (arrival === undefined) {
      await new Promise<void>((resolve) => {
        wake = resolve
      })
      continue
    }
    if (arrival.kind === "failed") throw arrival.error
    if (arrival.kind === "end") {
      open--
      continue
    }
    pull(arrival.source)
    yield arrival.chunk
  }
}
