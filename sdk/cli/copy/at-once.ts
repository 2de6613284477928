/** Runs `work` for each, some at a time. The first that fails ends the others; rejects with its error once all have ended. */
export async function someAtOnce<T>(
  items: readonly T[],
  most: number,
  stop: AbortSignal,
  work: (item: T, stop: AbortSignal) => Promise<void>,
): Promise<void> {
  const failed = new AbortController()
  const either = AbortSignal.any([stop, failed.signal])
  const waiting = items.values()
  const errors: unknown[] = []
  const worker = async () => {
    for (const item of waiting) {
      either.throwIfAborted()
      await work(item, either)
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
}
