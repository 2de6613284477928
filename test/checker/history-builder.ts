/** Histories for the checker's own tests, an operation a line. */
import type { AnomalyKind } from "./anomaly.ts"
import { checkHistory } from "./check.ts"
import type { Operation, OperationType, ReadRecord } from "./operation.ts"

export const KEY = "t/0"
export const NOTHING_EXPECTED = { minAcks: 0, minFetches: 0, faults: [] }

/** Builds a history; each operation takes the next two moments of time unless it says otherwise. */
export class History {
  readonly operations: Operation[] = []
  #time = 0
  #end = 0

  #base(process: string, type: OperationType, at?: readonly [number, number]) {
    this.#time += 2
    return { process, id: this.operations.length, type, call: at?.[0] ?? this.#time, return: at?.[1] ?? this.#time + 1 }
  }

  append(values: readonly string[], offset?: number, type: OperationType = "ok", at?: readonly [number, number]): this {
    const base = this.#base("w", type, at)
    if (type === "ok") this.#end += values.length
    this.operations.push({ ...base, f: "append", key: KEY, value: values, ...(offset !== undefined && { offset }) })
    return this
  }

  fetch(
    process: string,
    offset: number,
    value: readonly ReadRecord[],
    more: { highWatermark?: number; nextOffset?: number; seek?: true; drain?: true; logStartOffset?: number } = {},
  ): this {
    const nextOffset = more.nextOffset ?? (value.at(-1)?.[0] ?? offset - 1) + 1
    const { seek, drain } = more
    this.operations.push({
      ...this.#base(process, "ok"),
      f: "fetch",
      key: KEY,
      args: { offset, ...(seek && { seek }), ...(drain && { drain }) },
      value,
      nextOffset,
      highWatermark: more.highWatermark ?? nextOffset,
      logStartOffset: more.logStartOffset ?? 0,
    })
    return this
  }

  delete(offset: number, type: OperationType = "ok"): this {
    this.operations.push({ ...this.#base("d", type), f: "delete", key: KEY, offset })
    return this
  }

  drain(...values: readonly string[]): this {
    return this.fetch(
      "drain",
      0,
      values.map((value, offset) => [offset, value]),
      { seek: true, drain: true },
    )
  }

  group(f: "commit" | "committed", offset: number): this {
    this.operations.push({ ...this.#base("g", "ok"), f, key: `g:${KEY}`, offset })
    return this
  }

  committed(offset: number | null, at?: readonly [number, number]): this {
    this.operations.push({ ...this.#base("admin", "ok", at), f: "committed", key: `g:${KEY}`, offset })
    return this
  }

  /** A member's request and its answer: what it still has, and what it may have. */
  assign(
    member: string,
    epochs: readonly [request: number, answer: number],
    owned: readonly string[],
    value: readonly string[],
    type: OperationType = "ok",
  ): this {
    const [of, epoch] = epochs
    const base = this.#base(member, type)
    this.operations.push({ ...base, f: "assign", key: "g", member, epoch, args: { epoch: of, owned }, value })
    return this
  }

  claim(member: string, epoch: number, offset?: number, latest?: true): this {
    const known = { ...(offset !== undefined && { offset }), ...(latest && { latest }) }
    this.operations.push({ ...this.#base(member, "ok"), f: "claim", key: `g:${KEY}`, member, epoch, ...known })
    return this
  }

  /** Records from `offset` on are given to a member, by value. */
  poll(member: string, offset: number, ...values: readonly string[]): this {
    const nextOffset = offset + values.length
    const value = values.map((each, at): ReadRecord => [offset + at, each])
    const watermarks = { nextOffset, highWatermark: Math.max(this.#end, nextOffset), logStartOffset: 0 }
    this.operations.push({
      ...this.#base(member, "ok"),
      f: "poll",
      key: `g:${KEY}`,
      args: { offset },
      value,
      ...watermarks,
    })
    return this
  }

  process(member: string, offset: number, nextOffset: number): this {
    this.operations.push({ ...this.#base(member, "ok"), f: "process", key: `g:${KEY}`, args: { offset }, nextOffset })
    return this
  }

  commit(member: string, epoch: number, offset: number, type: OperationType = "ok"): this {
    this.operations.push({ ...this.#base(member, type), f: "commit", key: `g:${KEY}`, offset, epoch })
    return this
  }

  reset(offset: number | null, type: OperationType = "ok", at?: readonly [number, number]): this {
    this.operations.push({ ...this.#base("admin", type, at), f: "reset", key: `g:${KEY}`, offset })
    return this
  }

  kinds(): AnomalyKind[] {
    return [...new Set(checkHistory(this.operations, NOTHING_EXPECTED).anomalies.map((anomaly) => anomaly.kind))]
  }
}
