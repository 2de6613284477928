import type { Unavailable } from "../../../log/ports.ts"
import type { Group } from "./group.ts"
import type { Request } from "./requests.ts"
import type { Writer, Written } from "./writer.ts"

/** Bytes after which a group takes no further request; one request may be bigger. */
const GROUP_BYTES = 8 * 1024 * 1024
const GROUP_REQUESTS = 8192

export interface FlusherOptions {
  readonly writer: Writer
  readonly newGroup: () => Group
  /** The group is durable: makes it visible. */
  readonly commit: (group: Group, written: Written) => void
}

const CLOSING: Unavailable = {
  kind: "unavailable",
  reason: "closing",
  sideEffects: "none",
  detail: "The journal is closing.",
}

/**
 * Group commit: what arrives while a group is on its way to the disk becomes the next group, with one write and one
 * sync for all of it. The first request waits for the end of the event loop's turn, so that requests of many
 * connections that arrived together are written together.
 */
export class Flusher {
  readonly #options: FlusherOptions
  #waiting: Request[] = []
  /** A flush is due or under way. */
  #busy = false
  #closing = false
  #onIdle: (() => void)[] = []

  constructor(options: FlusherOptions) {
    this.#options = options
  }

  submit(request: Request): void {
    if (this.#closing) {
      request.refuse(CLOSING)
      return
    }
    this.#waiting.push(request)
    if (this.#busy) return
    this.#busy = true
    setImmediate(() => this.#flush())
  }

  /** Writes what waits and refuses what comes after. Resolves when all is answered. */
  async close(): Promise<void> {
    this.#closing = true
    if (this.#busy) await new Promise<void>((resolve) => this.#onIdle.push(resolve))
  }

  /** One waiting request and quick syncs: waiting here takes less time than a turn through the thread pool. */
  #flush(): void {
    const [only, second] = this.#waiting
    if (only === undefined || second !== undefined || !this.#options.writer.isQuick(only.bytes)) {
      void this.#flushAll()
      return
    }
    const { requests, group } = this.#nextGroup()
    if (group.planned.length === 0) settle(requests, undefined)
    else {
      const written = this.#options.writer.writeNow(framesOf(group))
      if (written.kind === "failed") {
        void this.#options.writer.repair(written).then((failure) => {
          this.#end(requests, group, failure)
          return this.#flushAll()
        })
        return
      }
      this.#end(requests, group, written)
    }
    this.#idle()
  }

  async #flushAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const { requests, group } = this.#nextGroup()
      if (group.planned.length === 0) settle(requests, undefined)
      else this.#end(requests, group, await this.#options.writer.write(framesOf(group)))
    }
    this.#idle()
  }

  #nextGroup(): { readonly requests: readonly Request[]; readonly group: Group } {
    const group = this.#options.newGroup()
    let taken = 0
    for (const request of this.#waiting) {
      if (taken > 0 && (taken === GROUP_REQUESTS || group.bytes + request.bytes > GROUP_BYTES)) break
      request.plan(group)
      taken++
      if (request.endsGroup) break
    }
    const requests = this.#waiting.slice(0, taken)
    this.#waiting = this.#waiting.slice(taken)
    return { requests, group }
  }

  #end(requests: readonly Request[], group: Group, outcome: Written | Unavailable): void {
    if (outcome.kind === "written") this.#options.commit(group, outcome)
    else group.discard()
    settle(requests, outcome.kind === "written" ? undefined : outcome)
  }

  #idle(): void {
    this.#busy = false
    const waiting = this.#onIdle
    this.#onIdle = []
    for (const resolve of waiting) resolve()
  }
}

function settle(requests: readonly Request[], failure: Unavailable | undefined): void {
  for (const request of requests) request.settle(failure)
}

function framesOf(group: Group): Group["planned"][number]["frame"][] {
  return group.planned.map(({ frame }) => frame)
}
