/** Works side by side. Where one fails the others are stopped; its error is thrown once all have ended. */
export async function together(stop: AbortController, works: readonly Promise<unknown>[]): Promise<void> {
  const ended = works.map((work) =>
    work.catch((error: unknown) => {
      stop.abort()
      throw error
    }),
  )
  for (const result of await Promise.allSettled(ended)) if (result.status === "rejected") throw result.reason
}
