/** Topics and groups that are asked about at the same time. */
export const ASKED_AT_ONCE = 8

/**
 * Runs `work` for each, some at a time, and gives their results in order. The first that fails ends the others; rejects
 * with its error once all have ended.
 */
export async function someAtOnce<T, R>(
  items: readonly T[],
  most: number,
  stop: AbortSignal | undefined,
  work: (item: T, stop: AbortSignal) => Promise<R>,
): Promise<R[]> {
  const failed = new AbortController()
  const either = stop === undefined ? failed.signal : AbortSignal.any([stop, failed.signal])
  const waiting = items.entries()
  const done: { readonly index: number; readonly result: R }[] = []
  const errors: unknown[] = []
  const worker = async () => {
    for (const [index, item] of waiting) {
      either.throwIfAborted()
      done.push({ index, result: await work(item, either) })
    }
  }
  const workers = Array.from({ length: Math.min(most, items.length) }, () =>
    worker().catch((error: unknown) => {
      errors.push(error)
      failed.abort(error)
    }),
  )
  await Promise.all(workers)
  if (errors.length > 0) throw errors[0]
  return done.sort((a, b) => a.index - b.index).map(({ result }) => result)
}
