/** Whether all that was acknowledged is in the log, where it was said to be, and once. */
import type { Acked } from "./acked-file.ts"

export interface ReadRecord {
  readonly partition: number
  readonly offset: number
  readonly key: string | null
  readonly value: string | null
}

export interface Finding {
  readonly problem: "missing" | "different" | "duplicate" | "out_of_order"
  readonly partition: number
  readonly offset: number | null
  readonly value: string | null
  /** What is there instead, or where it is as well. */
  readonly detail: string
}

export interface CheckResult {
  readonly acked: number
  readonly found: number
  readonly problems: number
  /** The first of them. */
  readonly findings: readonly Finding[]
}

const MOST_FINDINGS = 20

/** Takes what was acknowledged first, then every record of the topic in the order of reading. */
export class AckedCheck {
  readonly #byPlace = new Map<string, Acked>()
  /** Acknowledged without an offset. */
  readonly #anywhere = new Map<string, Acked>()
  /** Where each acknowledged key and value was read first. */
  readonly #readAt = new Map<string, string>()
  readonly #lastOffset = new Map<number, number>()
  /** Where the acknowledged records of each partition begin: the same values below are of an earlier run. */
  readonly #firstOffset = new Map<number, number>()
  readonly #findings: Finding[] = []
  #acked = 0
  #found = 0
  #problems = 0

  expect(acked: Acked): void {
    this.#acked++
    if (acked.offset === null) this.#anywhere.set(contentOf(acked), acked)
    else this.#byPlace.set(placeOf(acked), acked)
    this.#readAt.set(contentOf(acked), "")
    const first = this.#firstOffset.get(acked.partition) ?? Number.POSITIVE_INFINITY
    this.#firstOffset.set(acked.partition, Math.min(first, acked.offset ?? 0))
  }

  take(record: ReadRecord): void {
    const last = this.#lastOffset.get(record.partition) ?? -1
    if (record.offset <= last) this.#report("out_of_order", record, `read after offset ${last}`)
    this.#lastOffset.set(record.partition, record.offset)
    this.#takeContent(record)
    const place = placeOf(record)
    const expected = this.#byPlace.get(place)
    if (expected === undefined) return
    this.#byPlace.delete(place)
    if (contentOf(expected) === contentOf(record)) this.#found++
    else
      this.#report(
        "different",
        expected,
        `there is ${JSON.stringify(record.value)} under key ${JSON.stringify(record.key)}`,
      )
  }

  /** When all was read. */
  result(): CheckResult {
    for (const acked of [...this.#byPlace.values(), ...this.#anywhere.values()]) {
      this.#report("missing", acked, "acknowledged, but not in the log")
    }
    this.#byPlace.clear()
    this.#anywhere.clear()
    return { acked: this.#acked, found: this.#found, problems: this.#problems, findings: this.#findings }
  }

  #takeContent(record: ReadRecord): void {
    if (record.offset < (this.#firstOffset.get(record.partition) ?? 0)) return
    const content = contentOf(record)
    const before = this.#readAt.get(content)
    if (before === undefined) return
    const place = placeOf(record)
    if (before !== "")
      this.#report("duplicate", record, `it is at ${before} as well, unless a later run wrote the same`)
    else this.#readAt.set(content, place)
    if (this.#anywhere.delete(content)) this.#found++
  }

  #report(problem: Finding["problem"], { partition, offset, value }: ReadRecord | Acked, detail: string): void {
    this.#problems++
    if (this.#findings.length < MOST_FINDINGS) this.#findings.push({ problem, partition, offset, value, detail })
  }
}

function placeOf({ partition, offset }: { readonly partition: number; readonly offset: number | null }): string {
  return `${partition}:${offset}`
}

function contentOf({ key, value }: { readonly key: string | null; readonly value: string | null }): string {
  return JSON.stringify([key, value])
}
