#!/usr/bin/env node
import type { CliIo } from "./io.ts"
import { run } from "./run.ts"
import { Stopped, type StopSignal, stopExitCode } from "./stopped.ts"

const stop = new AbortController()

const ENDS = ["uncaughtExceptionMonitor", "exit"] as const

function endOn(signal: StopSignal): void {
  process.on(signal, () => {
    // The second time the user means it: what has not finished is left.
    if (stop.signal.aborted) process.exit(stopExitCode(stop.signal))
    stop.abort(new Stopped(signal))
  })
}
endOn("SIGINT")
endOn("SIGTERM")

const io: CliIo = {
  // Touched only by who reads it: an open stdin would keep the process alive.
  get stdin() {
    return process.stdin
  },
  stdout: process.stdout,
  stderr: process.stderr,
  stop: stop.signal,
  now: () => Date.now(),
  atExit: (cleanUp) => {
    // The monitor hears of a crash before its stack is printed.
    for (const event of ENDS) process.once(event, cleanUp)
    return () => {
      for (const event of ENDS) process.off(event, cleanUp)
    }
  },
}

const code = await run(process.argv.slice(2), io, process.env)
await Promise.all([process.stdout, process.stderr].map((stream) => new Promise((done) => stream.write("", done))))
process.exit(code)
