/** The contention runs that the table shows. */
import { type Contention, contend } from "./contention.ts"
import { figure } from "./report.ts"

export interface Contended extends Contention {
  readonly appenders: number
  readonly budget: number
  readonly seconds: number
}

const RUNS = [
  { appenders: 1, budget: 1000 },
  { appenders: 8, budget: 1000 },
  { appenders: 64, budget: 500 },
  { appenders: 64, budget: 1000 },
  { appenders: 64, budget: 2000 },
] as const
const SEED = 1

export async function contentions(seconds: number, progress: (text: string) => void): Promise<readonly Contended[]> {
  const all: Contended[] = []
  for (const run of RUNS) {
    progress(`contention: ${run.appenders} appenders, ${run.budget} write units a second, in virtual time ...`)
    all.push({ ...run, seconds, ...(await contend({ ...run, seconds, recordBytes: 100, seed: SEED })) })
  }
  return all
}

const HEAD = [
  "processes",
  "budget, units/s",
  "appends/s",
  "units an append",
  "of them commits",
  "refused",
  "pages",
  "throttled an append",
  "429s",
  "p50, ms",
  "p99, ms",
] as const

export function contentionTable(runs: readonly Contended[]): string {
  const cells = [[...HEAD], HEAD.map(() => "---"), ...runs.map(cellsOf)]
  return cells.map((row) => `| ${row.join(" | ")} |`).join("\n")
}

function cellsOf({ appenders, budget, seconds, appends, refusals, bill, p50, p99 }: Contended): string[] {
  const units = [bill.committed, bill.refused, bill.pages]
  const figures = [
    appends / seconds,
    units.reduce((sum, each) => sum + each) / appends,
    ...units.map((each) => each / appends),
    bill.throttled / appends,
    refusals,
    p50,
    p99,
  ]
  return [String(appenders), budget.toLocaleString("en-US"), ...figures.map(figure)]
}
