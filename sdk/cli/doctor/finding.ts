/** One thing that was looked at. */
export interface Finding {
  /** A word or two: what was looked at. */
  readonly check: string
  readonly status: "ok" | "warn" | "fail"
  /** What was seen, a sentence. */
  readonly detail: string
  /** What to do. */
  readonly advice?: string
}

export const ok = (check: string, detail: string): Finding => ({ check, status: "ok", detail })
export const warn = (check: string, detail: string, advice: string): Finding => ({
  check,
  status: "warn",
  detail,
  advice,
})
export const fail = (check: string, detail: string, advice: string): Finding => ({
  check,
  status: "fail",
  detail,
  advice,
})
