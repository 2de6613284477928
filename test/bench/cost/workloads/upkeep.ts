/** What upkeep asks for where there is nothing to do. */
import { randomUUID } from "node:crypto"
import type { Measured } from "../report.ts"
import type { Stage } from "../stage.ts"
import { difference, type Usage } from "../usage.ts"

/** The default schedules: every hour, and a sweep every six. A month is 730 hours. */
const RUNS_A_MONTH = { false: 730, true: 730 / 6 }

/**
 * One more partition in a run: the difference of two runs, with and without a topic of so many partitions that hold some
 * records each, old enough for a segment.
 */
export async function upkeepAtRest(
  stage: Stage,
  { partitions, sweep }: { readonly partitions: number; readonly sweep: boolean },
): Promise<Measured> {
  const without = await runAtRest(stage, sweep)
  await topicAtRest(stage, partitions)
  const usage = difference(await runAtRest(stage, sweep), without)
  return {
    workload: sweep ? "sweep, a partition with nothing to do" : "upkeep, a partition with nothing to do",
    per: "partition and run",
    count: partitions,
    usage,
    moneyFor: { name: `a month of ${Math.round(RUNS_A_MONTH[`${sweep}`])} runs`, count: RUNS_A_MONTH[`${sweep}`] },
    remarks: [],
    bars: [{ what: "write units", value: usage.writeUnits / partitions, atMost: 0 }],
  }
}

async function topicAtRest(stage: Stage, partitions: number): Promise<void> {
  const service = stage.serve()
  const topic = `t-${randomUUID()}`
  const made = await service.send("PUT", `/v1/topics/${topic}`, { partitions })
  if (made.status !== 201) throw new Error(JSON.stringify(made.body))
  for (let partition = 0; partition < partitions; partition++) {
    const path = `/v1/topics/${topic}/partitions/${partition}/records`
    const produced = await service.send("POST", path, { records: [{ key: "k", value: { n: partition } }] })
    if (produced.status !== 200) throw new Error(JSON.stringify(produced.body))
  }
}

/** The run before it does what there is to do. */
async function runAtRest(stage: Stage, sweep: boolean): Promise<Usage> {
  const upkeep = stage.upkeep()
  const until = Date.now() + 3_600_000
  await upkeep({ until, sweep: true })
  const before = stage.meter.usage()
  const { report, next } = await upkeep({ until, sweep })
  if (next !== undefined || report.failures.length > 0) throw new Error(JSON.stringify(report))
  return difference(stage.meter.usage(), before)
}
