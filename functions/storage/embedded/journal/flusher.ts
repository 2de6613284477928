import type { Unavailable } from "../../../log/ports.ts"
import type { Group } from "./group.ts"
import type { Request } from "./requests.ts"
import type { Reserve } from "./reserve.ts"
import type { Writer, Written } from "./writer.ts"

/** Bytes after which a group takes no further request; one request may be bigger. */
const GROUP_BYTES = 16 * 1024 * 1024
const GROUP_REQUESTS = 8192

export interface FlusherOptions {
  readonly writer: Writer
  readonly reserve: Reserve
  readonly newGroup: () => Group
  /** The group is durable: makes it visible. */
  readonly commit: (group: Group, written: Written) => void
  /** The group did not become durable: hears why. */
  readonly failed: (failure: Unavailable) => void
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
  /** The last group found no room. */
  #full = false
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
    const { requests, group } = this.#nextGroup()
    const alone = requests.length === 1 && this.#waiting.length === 0
    if (alone && group.planned.length > 0 && this.#options.writer.isQuick(group.bytes)) {
      const written = this.#options.writer.writeNow(framesOf(group))
      if (written.kind === "written") {
        this.#end(requests, group, written)
        this.#idle()
      } else void this.#continue(requests, group, this.#options.writer.repair(written))
    } else void this.#continue(requests, group, this.#write(group))
  }

  async #continue(
    requests: readonly Request[],
    group: Group,
    outcome: Promise<Written | Unavailable | undefined>,
  ): Promise<void> {
    this.#end(requests, group, await this.#withReserve(requests, group, await outcome))
    while (this.#waiting.length > 0) {
      const next = this.#nextGroup()
      const written = await this.#write(next.group)
      this.#end(next.requests, next.group, await this.#withReserve(next.requests, next.group, written))
    }
    this.#idle()
  }

  /** `undefined` where there is nothing to write. */
  async #write(group: Group): Promise<Written | Unavailable | undefined> {
    return group.planned.length === 0 ? undefined : this.#options.writer.write(framesOf(group))
  }

  /** Where only the lack of room keeps from writing what may make room, the room that was kept for it is given up. */
  async #withReserve(
    requests: readonly Request[],
    group: Group,
    outcome: Written | Unavailable | undefined,
  ): Promise<Written | Unavailable | undefined> {
    const full = outcome?.kind === "unavailable" && outcome.reason === "storage_full" && outcome.sideEffects === "none"
    if (!full || requests.some((request) => request.isAppend)) return outcome
    return (await this.#options.reserve.release()) ? this.#write(group) : outcome
  }

  #nextGroup(): { readonly requests: readonly Request[]; readonly group: Group } {
    const group = this.#options.newGroup()
    let taken = 0
    const [first] = this.#waiting
    for (const request of this.#waiting) {
      // On a full disk appends fail; what may make room must not fail with them.
      if (this.#full && request.isAppend !== first?.isAppend) break
      if (taken > 0 && (taken === GROUP_REQUESTS || group.bytes + request.bytes > GROUP_BYTES)) break
      request.plan(group)
      taken++
      if (request.endsGroup) break
    }
    const requests = this.#waiting.slice(0, taken)
    this.#waiting = this.#waiting.slice(taken)
    return { requests, group }
  }

  #end(requests: readonly Request[], group: Group, outcome: Written | Unavailable | undefined): void {
    const failure = outcome?.kind === "unavailable" ? outcome : undefined
    if (outcome !== undefined) this.#full = failure?.reason === "storage_full"
    if (outcome?.kind === "written") this.#options.commit(group, outcome)
    else group.discard()
    if (failure !== undefined) this.#options.failed(failure)
    for (const request of requests) request.settle(failure)
  }

  #idle(): void {
    this.#busy = false
    const waiting = this.#onIdle
    this.#onIdle = []
    for (const resolve of waiting) resolve()
  }
}

function framesOf(group: Group): Group["planned"][number]["frame"][] {
  return group.planned.map(({ frame }) => frame)
}
