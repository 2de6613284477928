import { InvalidArgumentError } from "commander"
import { rate } from "./rate.ts"

/** A commander parser of records a second; -1, as Kafka's tools write it, is as fast as it goes: Infinity. */
export function throughput(text: string): number {
  if (text === "-1") return Number.POSITIVE_INFINITY
  const perSecond = rate(text)
  if (perSecond > 0) return perSecond
  throw new InvalidArgumentError("It must be more than 0, or -1 for as fast as it goes.")
}
