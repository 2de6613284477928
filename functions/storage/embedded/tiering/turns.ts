/** Runs tasks of the same name one after another, and others side by side. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>()

  async run<T>(name: string, task: () => Promise<T>): Promise<T> {
    const before = this.#last.get(name)
    const turn = before === undefined ? task() : before.then(task, task)
    this.#last.set(name, turn)
    try {
      return await turn
    } finally {
      if (this.#last.get(name) === turn) this.#last.delete(name)
    }
  }
}
