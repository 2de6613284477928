import type { Colour } from "../format/paint.ts"
import type { Session } from "../session.ts"
import type { Finding } from "./finding.ts"

const COLOURS: Readonly<Record<Finding["status"], Colour>> = { ok: "green", warn: "yellow", fail: "red" }
const CHECK_COLUMNS = 12

/** What was seen, and below it what to do. */
export function findingLines({ paint }: Session, { check, status, detail, advice }: Finding): readonly string[] {
  const line = `${paint(COLOURS[status], status.padEnd(4))}  ${check.padEnd(CHECK_COLUMNS)}${detail}`
  return advice === undefined ? [line] : [line, `${" ".repeat(6 + CHECK_COLUMNS)}${paint("bold", "do:")} ${advice}`]
}

export interface Tally {
  readonly ok: number
  readonly warn: number
  readonly fail: number
}

export function tallyOf(findings: readonly Finding[]): Tally {
  const count = (status: Finding["status"]) => findings.filter((finding) => finding.status === status).length
  return { ok: count("ok"), warn: count("warn"), fail: count("fail") }
}

export function tallyLine({ ok, warn, fail }: Tally): string {
  if (warn + fail === 0) return `All is well: ${ok} checks.`
  return `${ok} ok, ${warn} to look at, ${fail} not right.`
}
