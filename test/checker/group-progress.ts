/** How far a group has come in a partition, and what it left behind. */
import type { Anomaly } from "./anomaly.ts"
import { type GroupPartition, type Reading, readings } from "./group-history.ts"
import type { CommitOperation, ProcessOperation, ResetOperation } from "./operation.ts"
import type { FinalLog } from "./partition-history.ts"

/** Something that moves the group's place in the log, in the order of time. */
type Step =
  | { readonly at: number; readonly processed: ProcessOperation }
  | { readonly at: number; readonly reading: Reading; readonly offset: number }
  | { readonly at: number; readonly reset: ResetOperation; readonly isOver: boolean }

function stepsOf(partition: GroupPartition): Step[] {
  const steps: Step[] = [
    // Whatever is committed was processed before it was sent.
    ...partition.processed.map((processed) => ({ at: processed.call, processed })),
    ...readings(partition).map(({ by, offset }) => ({ at: by.return, reading: by, offset })),
    ...partition.resets.flatMap((reset) => [
      { at: reset.call, reset, isOver: false },
      ...(reset.type === "ok" ? [{ at: reset.return, reset, isOver: true }] : []),
    ]),
  ]
  return steps.sort((left, right) => left.at - right.at)
}

/** Records that were committed, skipped or left, and that nobody of the group processed. */
export function passedOver(partition: GroupPartition, log: FinalLog): Anomaly[] {
  const progress = new Progress(partition, log)
  for (const step of stepsOf(partition)) {
    if ("processed" in step) progress.process(step.processed)
    else if ("reset" in step) progress.reset(step.reset, step.isOver)
    else progress.read(step.reading, step.offset)
  }
  return [...progress.anomalies, ...progress.unseen()]
}

/** How far a group has processed a partition without a hole. */
class Progress {
  readonly anomalies: Anomaly[] = []
  readonly #key: string
  readonly #log: FinalLog
  readonly #end: number
  #commits: readonly CommitOperation[]
  #frontier: number
  #processed = new Map<number, ProcessOperation>()
  /** Where the group was before a reset: what was asked before that was over may still say so. */
  readonly #before: { readonly over: number; readonly frontier: number }[] = []
  /** Where resets lead of which nobody knows: each may come at any time, also after one that was answered. */
  readonly #unsure: number[] = []

  constructor(partition: GroupPartition, log: FinalLog) {
    this.#key = partition.key
    this.#log = log
    this.#end = Math.max(log.logStartOffset, ...[...log.valueAt.keys()].slice(-1).map((offset) => offset + 1))
    this.#commits = partition.commits.filter(({ type }) => type !== "fail")
    this.#frontier = firstOffset(partition) ?? this.#end
  }

  process(operation: ProcessOperation): void {
    for (let offset = operation.args.offset; offset < operation.nextOffset; offset++) {
      this.#processed.set(offset, operation)
    }
    this.#advance()
  }

  /** What was processed before a reset counts no more. Until it is over, and where nobody knows, both may be true. */
  reset(reset: ResetOperation, isOver: boolean): void {
    const to = reset.offset ?? 0
    if (reset.type !== "ok") this.#unsure.push(to)
    if (isOver) {
      this.#before.push({ over: reset.return, frontier: this.#frontier })
      this.#processed = new Map([...this.#processed].filter(([, operation]) => operation.return > reset.call))
      this.#commits = this.#commits.filter((commit) => commit.return > reset.call)
      this.#frontier = to
    } else this.#frontier = Math.max(this.#frontier, to)
    this.#advance()
  }

  read(reading: Reading, offset: number): void {
    const before = this.#before.filter(({ over }) => over > reading.call).map(({ frontier }) => frontier)
    const reached = Math.max(this.#frontier, ...before)
    const missed = this.#missing(reached, offset)
    if (missed.length === 0) return
    if (!this.#unsure.some((to) => to <= offset && this.#missing(to, offset).length === 0)) {
      this.#noteMissed(missed, reading, offset)
    }
    this.#frontier = offset
    this.#advance()
  }

  #noteMissed(missed: readonly number[], reading: Reading, offset: number): void {
    const committed = this.#commits.filter(({ call }) => call < reading.return).map((commit) => commit.offset)
    const furthest = Math.max(...committed, -1)
    const below = missed.filter((each) => each < furthest || reading.f !== "claim")
    const { f, id } = reading
    if (below.length > 0) this.#note("unprocessed", `${below.join(", ")}: ${f} ${id} says ${offset}`)
    if (below.length < missed.length) {
      const skipped = missed.slice(below.length)
      this.#note("poll-skip", `${skipped.join(", ")}: claim ${id} begins at ${offset}, and nobody processed them`)
    }
  }

  /** What is in the log and nobody of the group processed, as far as it was not said already. */
  unseen(): Anomaly[] {
    return this.#missing(this.#frontier, this.#end).map((offset) => {
      const detail = `${this.#log.valueAt.get(offset)} at ${offset} was processed by nobody`
      return { kind: "unseen", key: this.#key, detail }
    })
  }

  /** Records that are not there any more are nobody's. */
  #missing(from: number, to: number): number[] {
    const found: number[] = []
    for (let offset = from; offset < Math.min(to, this.#end); offset++) {
      if (this.#log.valueAt.has(offset) && !this.#processed.has(offset)) found.push(offset)
    }
    return found
  }

  #advance(): void {
    while (this.#frontier < this.#end && this.#missing(this.#frontier, this.#frontier + 1).length === 0) {
      this.#frontier += 1
    }
  }

  #note(kind: "unprocessed" | "poll-skip", detail: string): void {
    this.anomalies.push({ kind, key: this.#key, detail })
  }
}

/**
 * Where the group begins. One that begins at the end of the log does so where the first of its claims says; what comes after
 * a reset goes by that. Undefined: a reset came before any claim that was answered.
 */
function firstOffset({ claims, resets }: GroupPartition): number | undefined {
  const latest = claims.filter((claim) => claim.latest)
  if (latest.length === 0) return 0
  const firstReset = Math.min(...resets.map(({ call }) => call))
  const offsets = latest.filter((claim) => claim.return < firstReset).flatMap(({ offset }) => offset ?? [])
  return offsets.length === 0 ? undefined : Math.min(...offsets)
}
