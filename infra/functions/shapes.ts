/** What each function is given unless settings say otherwise. CPU comes with memory. */
import { Duration } from "aws-cdk-lib"
import type { EntryName } from "../entries.ts"

export interface Shape {
  readonly memoryMb: number
  readonly timeout: Duration
}

/** A front door gives up after 29 or 30 s. */
const ANSWERS: Shape = { memoryMb: 1024, timeout: Duration.seconds(29) }

export const SHAPES: Readonly<Record<EntryName, Shape>> = {
  produce: ANSWERS,
  fetch: ANSWERS,
  poll: ANSWERS,
  admin: ANSWERS,
  api: ANSWERS,
  // It merges segments of tens of megabytes, and begins again where the last run ended.
  upkeep: { memoryMb: 1024, timeout: Duration.minutes(10) },
}
