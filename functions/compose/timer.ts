import type { Timer } from "../partitions/dependencies.ts"

export const timer: Timer = {
  sleep: (milliseconds, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted === true) return resolve()
      const end = () => {
        clearTimeout(timeout)
        signal?.removeEventListener("abort", end)
        resolve()
      }
      const timeout = setTimeout(end, milliseconds)
      signal?.addEventListener("abort", end)
    }),
}
