/** In which order rows are shown. Pure. */
import type { GroupRow, LagRow, MemberRow } from "./group-rows.ts"
import type { Pace } from "./pace.ts"
import type { TopicRow } from "./topic-rows.ts"

export const orders = ["lag", "rate", "name"] as const
export type Order = (typeof orders)[number]

/** The one after it, round and round. */
export function nextOrder(order: Order): Order {
  return orders[(orders.indexOf(order) + 1) % orders.length] ?? order
}

/** A topic has no lag: where that is asked for, those that grow fastest come first. */
export function orderedTopics(rows: readonly TopicRow[], order: Order): readonly TopicRow[] {
  return order === "name" ? rows : descending(rows, ({ recordsPerSecond }) => recordsPerSecond)
}

export function orderedPaces<Row extends GroupRow | LagRow | MemberRow>(
  rows: readonly Row[],
  order: Order,
): readonly Row[] {
  if (order === "name") return rows
  return descending(rows, order === "lag" ? ({ lag }: Pace) => lag : ({ consumedPerSecond }: Pace) => consumedPerSecond)
}

/** What is not known comes last; equals stay in their order. */
function descending<Row>(rows: readonly Row[], pick: (row: Row) => number | null): readonly Row[] {
  return rows.toSorted((a, b) => (pick(b) ?? -1) - (pick(a) ?? -1))
}
