/** Bounds the lines that tell of one thing: so many in that time, whatever happens. */
export interface FewLines {
  readonly most: number
  readonly perMs: number
}

/** For each that could be told, `now` in milliseconds: how many were left out before it; undefined: so is this one. */
export function fewLines({ most, perMs }: FewLines): (now: number) => number | undefined {
  let since = Number.NEGATIVE_INFINITY
  let told = 0
  let leftOut = 0
  return (now) => {
    if (now - since >= perMs) {
      since = now
      told = 0
    }
    if (told >= most) {
      leftOut += 1
      return undefined
    }
    told += 1
    const before = leftOut
    leftOut = 0
    return before
  }
}
