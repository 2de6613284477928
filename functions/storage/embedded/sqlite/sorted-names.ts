/** Names in code unit order, for listing page by page. */
export class SortedNames {
  readonly #names: string[]

  constructor(names: Iterable<string>) {
    this.#names = [...names].sort(byCodeUnits)
  }

  add(name: string): void {
    const index = this.#firstAtOrAfter(name)
    if (this.#names[index] !== name) this.#names.splice(index, 0, name)
  }

  remove(name: string): void {
    const index = this.#firstAtOrAfter(name)
    if (this.#names[index] === name) this.#names.splice(index, 1)
  }

  /** Up to `limit` names after `after` that start with `prefix`; `next` is the last of them where more follow. */
  page(limit: number, prefix: string, after: string | undefined): { readonly names: string[]; readonly next?: string } {
    const from = after === undefined || after < prefix ? prefix : after
    let start = this.#firstAtOrAfter(from)
    if (after !== undefined && this.#names[start] === after) start += 1
    const found = this.#names.slice(start, start + limit).filter((name) => name.startsWith(prefix))
    const last = found.at(-1)
    const more = this.#names[start + found.length]?.startsWith(prefix) === true
    return more && last !== undefined ? { names: found, next: last } : { names: found }
  }

  #firstAtOrAfter(name: string): number {
    let low = 0
    let high = this.#names.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const candidate = this.#names[middle]
      if (candidate !== undefined && candidate < name) low = middle + 1
      else high = middle
    }
    return low
  }
}

function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
