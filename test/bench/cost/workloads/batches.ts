/** What a GB costs by the size of its batches, with the segments it becomes. */
import { prices } from "stratalog/cost"
import { appendRun, type BatchShape, batchBytes, warmUp } from "../appends.ts"
import type { Measured } from "../report.ts"
import type { Stage } from "../stage.ts"
import { difference, dollarsOf } from "../usage.ts"

const GB = 1024 ** 3

/** `mostPerGb`: dollars, where there is a bar. */
export async function batches(
  stage: Stage,
  name: string,
  shape: BatchShape,
  appends: number,
  mostPerGb?: number,
): Promise<Measured> {
  const partition = await stage.newPartition()
  const { log } = stage.open({ rollInBackground: false })
  await warmUp(log, partition, shape)
  const before = stage.meter.usage()
  const run = await appendRun({ meter: stage.meter, partition, shape, appends, appenders: [log] })
  // As a function of its own, which has nothing in memory.
  await stage.open().tier(partition)
  const usage = difference(stage.meter.usage(), before)
  const gigabytes = (run.appends * batchBytes(shape)) / GB
  return {
    workload: `${name} batches, placement=${shape.placement ?? "cost"}, tiered`,
    per: "append",
    count: run.appends,
    usage,
    moneyFor: { name: "a GB", count: GB / batchBytes(shape) },
    remarks: [`${Math.round(gigabytes * 1024)} MiB`],
    bars:
      mostPerGb === undefined
        ? []
        : [{ what: "USD a GB", value: dollarsOf(usage, prices) / gigabytes, atMost: mostPerGb }],
  }
}
