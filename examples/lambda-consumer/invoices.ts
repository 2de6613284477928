/** What is written for a batch of orders. Pure. */
import type { ConsumerRecord } from "stratalog"

export interface Invoice {
  readonly key: string
  /** `order` is where the order stands: a batch that is processed again writes its invoices again, under the same names. */
  readonly value: { readonly order: string; readonly cents: number }
}

export interface Invoiced {
  readonly invoices: readonly Invoice[]
  /** The first order that is none: it and what follows are not invoiced yet. */
  readonly failures: readonly { readonly itemIdentifier: number }[]
}

export function invoicesOf(partition: number, orders: readonly ConsumerRecord[]): Invoiced {
  const invoices: Invoice[] = []
  for (const { key, value, offset } of orders) {
    const cents = centsOf(value)
    if (key === null || cents === undefined) return { invoices, failures: [{ itemIdentifier: offset }] }
    invoices.push({ key, value: { order: `${partition}:${offset}`, cents } })
  }
  return { invoices, failures: [] }
}

function centsOf(value: unknown): number | undefined {
  if (typeof value !== "object" || value === null || !("cents" in value)) return undefined
  return typeof value.cents === "number" ? value.cents : undefined
}
