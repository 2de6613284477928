/**
 * What each function is given unless settings say otherwise. All that the conformance suite asks for takes 140 MB at the most,
 * and what a reader keeps in mind 150 MB more. The rest is for the CPU that comes with it (a core with 1,769 MB): cold starts
 * and requests of megabytes wait for it.
 */
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
