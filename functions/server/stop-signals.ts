/** What tells a server to stop: SIGTERM, Ctrl-C, and the end of the npm that started it. */

/** npm and the terminal may both pass on one Ctrl-C: what comes so soon is the same signal, milliseconds. */
const SAME_SIGNAL = 1000

/** npm's shell takes a SIGTERM for itself and leaves the server behind: it is looked for so often, milliseconds. */
const PARENT_CHECK = 500

/** Calls `stop` once. A later second signal does not wait for it. */
export function onStopSignal(stop: () => void, environment: Readonly<Record<string, string | undefined>>): void {
  let stoppedAt: number | undefined
  const signal = () => {
    if (stoppedAt === undefined) {
      stoppedAt = performance.now()
      stop()
    } else if (performance.now() - stoppedAt > SAME_SIGNAL) process.exit(1)
  }
  process.on("SIGTERM", signal)
  process.on("SIGINT", signal)
  if (environment["npm_lifecycle_event"] !== undefined) watchParent(signal)
}

function watchParent(signal: () => void): void {
  const parent = process.ppid
  const check = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(check)
    signal()
  }, PARENT_CHECK)
  check.unref()
}
