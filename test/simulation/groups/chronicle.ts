/** The history of a run, on a clock that counts its own moments. */
import type { Operation, WithoutBase } from "../../checker/operation.ts"

export class Chronicle {
  readonly history: Operation[] = []
  /** What no checker of histories can see. */
  readonly violations: string[] = []
  #time = 0

  /** When an operation begins. */
  begin(): number {
    this.#time += 1
    return this.#time
  }

  end(process: string, call: number, ...results: readonly WithoutBase[]): void {
    const now = this.begin()
    for (const result of results) this.history.push({ ...result, process, id: this.history.length, call, return: now })
  }

  fault(value: string): void {
    this.end("nemesis", this.begin(), { f: "fault", type: "ok", value })
  }
}
