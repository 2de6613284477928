import type { Alternative, CostLine, Estimate, Workload } from "../../cost/index.ts"
import type { Session } from "../session.ts"
import { tableLines } from "./table.ts"

export interface CostResult extends Estimate {
  readonly workload: Workload
  readonly alternatives: readonly Alternative[]
}

const WHERE = {
  inline: "in the partition's head, then in pages",
  item: "in a DynamoDB item of its own",
  object: "in an S3 object of its own",
}

/** Dollars are of a month. */
export function costLines({ paint }: Session, result: CostResult): string[] {
  const { workload, partitionsNeeded } = result
  const total: CostLine = { what: "Stratalog", quantity: Number.NaN, unit: "", dollars: result.dollars }
  const bill = tableLines<CostLine>(
    [
      { header: "A MONTH", cell: (line) => line.what },
      { header: "QUANTITY", align: "right", cell: (line) => (line === total ? "" : quantity(line.quantity)) },
      { header: "", cell: (line) => line.unit },
      { header: "USD", align: "right", cell: (line) => dollars(line.dollars) },
    ],
    [...result.lines.filter((line) => line.quantity > 0), total],
    paint,
  )
  const elsewhere = tableLines<Alternative>(
    [
      { header: "THE SAME ELSEWHERE", cell: (row) => row.name },
      { header: "USD", align: "right", cell: (row) => dollars(row.dollars) },
    ],
    result.alternatives,
    paint,
  )
  const short =
    partitionsNeeded > workload.partitions
      ? [
          `${partitionsNeeded} partitions or larger batches are needed: one partition takes about 1,000 write units a second.`,
        ]
      : []
  return [
    ...bill,
    "",
    `${dollars(result.dollarsPerGb)} USD a GB. The batch of a request lies ${WHERE[result.placement]}.`,
    ...short,
    "",
    ...elsewhere,
    "",
    "Prices of us-east-1, without free tiers, discounts, and transfer to the internet.",
  ]
}

function quantity(value: number): string {
  return value.toLocaleString("en-US", { maximumFractionDigits: value < 100 ? 2 : 0 })
}

function dollars(value: number): string {
  const digits = value >= 0.1 || value === 0 ? 2 : 4
  return value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits })
}
