/**
 * A clock for clients under test: nobody waits for long. Time stands still while something runs and jumps to the next
 * alarm as soon as nothing does, so that back-offs and time limits of minutes pass in milliseconds, in order.
 */
export class HurriedClock {
  #time = 1_763_600_000_000
  #alarms: { readonly at: number; readonly ring: () => void }[] = []
  #running: ReturnType<typeof setTimeout> | undefined
  readonly #isBusy: () => boolean
  readonly #random: () => number

  constructor(isBusy: () => boolean, random: () => number = Math.random) {
    this.#isBusy = isBusy
    this.#random = random
  }

  readonly now = (): number => this.#time

  readonly random = (): number => this.#random()

  readonly sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const alarm = { at: this.#time + ms, ring: resolve }
      this.#alarms.push(alarm)
      signal?.addEventListener(
        "abort",
        () => {
          this.#alarms = this.#alarms.filter((other) => other !== alarm)
          reject(signal.reason)
        },
        { once: true },
      )
      this.#running ??= setTimeout(() => this.#turn(), 1)
    })

  #turn(): void {
    this.#running = undefined
    if (!this.#isBusy()) this.#ringNext()
    if (this.#alarms.length > 0) this.#running ??= setTimeout(() => this.#turn(), 1)
  }

  #ringNext(): void {
    const next = this.#alarms.reduce((least, alarm) => Math.min(least, alarm.at), Number.POSITIVE_INFINITY)
    if (!Number.isFinite(next)) return
    this.#time = Math.max(this.#time, next)
    const ringing = this.#alarms.filter((alarm) => alarm.at <= this.#time)
    this.#alarms = this.#alarms.filter((alarm) => alarm.at > this.#time)
    for (const alarm of ringing) alarm.ring()
  }
}
