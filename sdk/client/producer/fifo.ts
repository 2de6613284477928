/** A queue whose ends cost the same however long it is. */
export class Fifo<T> {
  #front: T[] = []
  #back: T[] = []

  get length(): number {
    return this.#front.length + this.#back.length
  }

  push(item: T): void {
    this.#back.push(item)
  }

  shift(): T | undefined {
    return this.#turned().pop()
  }

  #turned(): T[] {
    if (this.#front.length === 0 && this.#back.length > 0) {
      this.#front = this.#back.reverse()
      this.#back = []
    }
    return this.#front
  }
}
