/** An open log that nobody calls. */
import { setTimeout as delay } from "node:timers/promises"
import { warmUp } from "../appends.ts"
import type { Measured } from "../report.ts"
import type { Stage } from "../stage.ts"
import { allRequests, difference } from "../usage.ts"

export async function idle(stage: Stage, seconds: number): Promise<Measured> {
  const partition = await stage.newPartition()
  const { log } = stage.open()
  await warmUp(log, partition, { records: 1, recordBytes: 100 })
  const before = stage.meter.usage()
  await delay(seconds * 1000)
  const usage = difference(stage.meter.usage(), before)
  return {
    workload: `idle for ${seconds} s, open and appended to before`,
    per: "second",
    count: seconds,
    usage,
    moneyFor: { name: "a month", count: 730 * 3600 },
    remarks: [],
    bars: [{ what: "requests", value: allRequests(usage), atMost: 0 }],
  }
}
