/** Steps of a run, told with the time they begin and take; each counts, and so does every test in it. */

export interface Counts {
  readonly passed: number
  readonly failed: number
}

export class Steps {
  passed = 0
  failed = 0
  readonly #skipped: readonly string[]
  readonly #began = performance.now()

  /** Steps with one of these in their names are left out. */
  constructor(skipped: readonly string[]) {
    this.#skipped = skipped
  }

  /** What a step tells: whether it went well, or how many of its tests did. One that throws has failed. */
  async run(name: string, step: () => Promise<boolean | Counts>): Promise<boolean> {
    if (this.#skipped.some((part) => name.includes(part))) return true
    const began = performance.now()
    console.log(`== ${clock(began - this.#began)} ${name}`)
    const outcome = await step().catch((error: unknown) => {
      console.error(error)
      return false
    })
    const counts = typeof outcome === "boolean" ? { passed: Number(outcome), failed: Number(!outcome) } : outcome
    const isWell = counts.failed === 0 && counts.passed > 0
    this.passed += counts.passed
    this.failed += Math.max(counts.failed, Number(!isWell))
    const told = typeof outcome === "boolean" ? "" : `, ${counts.passed} passed, ${counts.failed} failed`
    console.log(`${isWell ? "ok" : "FAILED"}: ${name} (${clock(performance.now() - began)}${told})`)
    return isWell
  }

  summary(): string {
    return `${this.passed} passed, ${this.failed} failed`
  }
}

function clock(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`
}
