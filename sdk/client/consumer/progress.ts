/**
 * How far a partition is processed, in whatever order its records finish: up to the first that is not, and no further, so
 * that committing it skips none.
 */

/** Records that were handed out together. */
export interface Ticket {
  /** The next offset after them. */
  readonly end: number
  finished: boolean
}

export class Progress {
  /** All records below it were processed. */
  processed: number
  #open: Ticket[] = []
  /** How many tickets at the front are done with: they are cut off now and then, not one by one. */
  #settled = 0

  constructor(start: number) {
    this.processed = start
  }

  /** Call in the order of offsets. */
  begin(end: number): Ticket {
    const ticket = { end, finished: false }
    this.#open.push(ticket)
    return ticket
  }

  finish(ticket: Ticket): void {
    ticket.finished = true
    for (let first = this.#open[this.#settled]; first?.finished; first = this.#open[this.#settled]) {
      this.processed = first.end
      this.#settled++
    }
    if (this.#settled > 1_000 || this.#settled === this.#open.length) {
      this.#open = this.#open.slice(this.#settled)
      this.#settled = 0
    }
  }
}
