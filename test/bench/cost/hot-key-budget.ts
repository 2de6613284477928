/** What DynamoDB gives to one partition key: so many write units a second, and a second of them saved up. */
export class HotKeyBudget {
  readonly #unitsPerSecond: number
  readonly #now: () => number
  readonly #keys = new Map<string, { units: number; at: number }>()

  /** `now` in milliseconds. */
  constructor(unitsPerSecond: number, now: () => number) {
    this.#unitsPerSecond = unitsPerSecond
    this.#now = now
  }

  /** Whether a write is let in; what it takes is known, and owed, after it. */
  lets(key: string): boolean {
    return this.#bucket(key).units > 0
  }

  take(key: string, units: number): void {
    this.#bucket(key).units -= units
  }

  #bucket(key: string): { units: number; at: number } {
    const now = this.#now()
    const bucket = this.#keys.get(key) ?? { units: this.#unitsPerSecond, at: now }
    const gained = ((now - bucket.at) * this.#unitsPerSecond) / 1000
    bucket.units = Math.min(this.#unitsPerSecond, bucket.units + gained)
    bucket.at = now
    this.#keys.set(key, bucket)
    return bucket
  }
}
