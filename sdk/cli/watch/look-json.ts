/** A look as one JSON document; null stands for what is not known. Pure. */
import { groupRows, lagRows, memberRows } from "./group-rows.ts"
import type { ServiceLook } from "./look.ts"
import { type Order, orderedPaces, orderedTopics } from "./order.ts"
import { outlookOf, type Pace, secondsToCatchUp } from "./pace.ts"
import { roundedRate } from "./rate-text.ts"
import type { Seen } from "./seen.ts"
import { topicRows } from "./topic-rows.ts"

/** What is told beside the groups as wholes. */
export type Details = "topics" | "partitions" | "members" | "none"

export interface JsonOptions {
  readonly order: Order
  readonly details: Details
}

export function lookJson(seen: Seen, service: ServiceLook | undefined, { order, details }: JsonOptions): object {
  const { time, requests, more, denied } = seen.look
  return {
    time,
    ...(service === undefined ? {} : { service }),
    ...(details === "topics" ? { topics: orderedTopics(topicRows(seen), order).map(rounded) } : {}),
    groups: orderedPaces(groupRows(seen), order).map(withOutlook),
    ...(details === "partitions" ? { partitions: orderedPaces(lagRows(seen), order).map(withOutlook) } : {}),
    ...(details === "members" ? { members: orderedPaces(memberRows(seen), order).map(withOutlook) } : {}),
    more,
    denied,
    requests,
  }
}

function withOutlook<Row extends Pace>(row: Row) {
  return { ...rounded(row), outlook: outlookOf(row), secondsToCatchUp: secondsToCatchUp(row) }
}

/** With its rates, whose names end so, to the thousandth. */
function rounded<Row extends object>(row: Row) {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      name.endsWith("PerSecond") && typeof value === "number" ? roundedRate(value) : value,
    ]),
  )
}
