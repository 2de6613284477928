/** Writes the history while clients run, and tells when so many operations have begun. */
import type { Operation, WithoutBase } from "../checker/operation.ts"

/** What is known of an operation when it is over. */
export type Result = WithoutBase

export class Recorder {
  readonly history: Operation[] = []
  /** Answers that no client may get, whatever is killed. */
  readonly violations: string[] = []
  #begun = 0
  #alarm: { readonly at: number; readonly ring: () => void } | undefined

  get begun(): number {
    return this.#begun
  }

  now(): number {
    return performance.now()
  }

  /** Calls `ring` when `operations` more have begun. */
  after(operations: number, ring: () => void): void {
    this.#alarm = { at: this.#begun + operations, ring }
  }

  /** The time at which an operation begins. */
  begin(): number {
    this.#begun++
    const call = this.now()
    if (this.#alarm !== undefined && this.#begun >= this.#alarm.at) {
      const { ring } = this.#alarm
      this.#alarm = undefined
      ring()
    }
    return call
  }

  end(process: string, call: number, ...results: readonly Result[]): void {
    const now = this.now()
    for (const result of results) this.history.push({ ...result, process, id: this.history.length, call, return: now })
  }

  fault(name: string): void {
    this.end("nemesis", this.now(), { f: "fault", type: "ok", value: name })
  }
}
