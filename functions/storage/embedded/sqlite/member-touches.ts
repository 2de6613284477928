/**
 * When members were seen, in memory: a heartbeat costs no write. What is lost with the process is made up for when the
 * database is opened again: everybody counts as seen then.
 */
import type { MemberSeen, TouchOutcome } from "../../../groups/ports.ts"

type Touched = Exclude<TouchOutcome, { kind: "unavailable" }>

/** Longer than any session may last (`limits.maxSessionTimeoutMs`), milliseconds: what is older tells nothing any more. */
export const FORGET_AFTER = 60 * 60_000
/** So many members are kept in memory without a look at who is long gone. */
const LEAST_TO_SWEEP = 10_000

export class MemberTouches {
  readonly #atOpening: (group: string) => Iterable<[string, MemberSeen]>
  readonly #groups = new Map<string, Map<string, MemberSeen>>()
  #members = 0
  #sweepAt = LEAST_TO_SWEEP

  /** `atOpening`: what counts as seen of a group when it is first asked for, or asked for again after it was forgotten. */
  constructor(atOpening: (group: string) => Iterable<[string, MemberSeen]>) {
    this.#atOpening = atOpening
  }

  /** What is in memory. */
  get size(): { readonly groups: number; readonly members: number } {
    return { groups: this.#groups.size, members: this.#members }
  }

  /** Has to come before a group's first change by this process: what counts as seen is what was found. */
  begin(group: string): void {
    this.#of(group)
  }

  touch(group: string, memberId: string, request: { readonly at: number; readonly number?: number }): Touched {
    const seen = this.#of(group)
    const highest = seen.get(memberId)?.number ?? 0
    const number = request.number ?? highest + 1
    if (number < highest) return { kind: "late", number: highest }
    if (!seen.has(memberId)) this.#members += 1
    seen.set(memberId, { at: request.at, number })
    if (this.#members > this.#sweepAt) this.#sweep(request.at - FORGET_AFTER)
    return { kind: "touched", number }
  }

  /** The highest number of a request of the member; 0: none is known. */
  highest(group: string, memberId: string): number {
    return this.#of(group).get(memberId)?.number ?? 0
  }

  /** Remembers no group for being asked for it: there may be none of that name. */
  seen(group: string): ReadonlyMap<string, MemberSeen> {
    return new Map(this.#groups.get(group) ?? this.#atOpening(group))
  }

  forget(group: string, memberIds: readonly string[]): void {
    const seen = this.#groups.get(group)
    for (const memberId of memberIds) if (seen?.delete(memberId) === true) this.#members -= 1
  }

  #of(group: string): Map<string, MemberSeen> {
    const known = this.#groups.get(group)
    if (known !== undefined) return known
    const seen = new Map(this.#atOpening(group))
    this.#groups.set(group, seen)
    this.#members += seen.size
    return seen
  }

  /** Those who came once and never again, each under another name, must not fill the memory. */
  #sweep(before: number): void {
    for (const [group, seen] of this.#groups) {
      const silent = [...seen].filter(([, { at }]) => at < before).map(([memberId]) => memberId)
      this.forget(group, silent)
      if (seen.size === 0) this.#groups.delete(group)
    }
    this.#sweepAt = Math.max(LEAST_TO_SWEEP, 2 * this.#members)
  }
}
