/** Records of 100 bytes on one partition, each an append of its own. */
import { type AppendRun, appendRun, type BatchShape, warmUp } from "../appends.ts"
import type { Bar, Measured } from "../report.ts"
import type { Stage } from "../stage.ts"
import { difference } from "../usage.ts"

const SHAPE: BatchShape = { records: 1, recordBytes: 100 }
const PER_APPEND = { per: "append", moneyFor: { name: "a million", count: 1_000_000 } } as const
const APPENDERS = 64

/** As from one Lambda environment: one append at a time, and nothing goes on behind an answer. */
export async function sequential(stage: Stage, appends: number, idempotent: boolean): Promise<Measured> {
  const partition = await stage.newPartition()
  const { log } = stage.open({ rollInBackground: false })
  if (!idempotent) await warmUp(log, partition, SHAPE)
  const run = await appendRun({ meter: stage.meter, partition, shape: SHAPE, appends, appenders: [log], idempotent })
  return {
    ...PER_APPEND,
    workload: `100 B, sequential${idempotent ? ", idempotent producer" : ""}`,
    count: run.appends,
    usage: run.usage,
    remarks: [`${percent(shareOfOne(run))} in one request`, `at most ${mostRequests(run)}`],
    bars: sequentialBars(run),
  }
}

export function sequentialBars(run: AppendRun): readonly Bar[] {
  return [
    { what: "write units an append", value: run.usage.writeUnits / run.appends, atMost: 2 },
    { what: "share of appends with one request", value: shareOfOne(run), atLeast: 0.85 },
    { what: "most requests of an append", value: mostRequests(run), atMost: 3 },
    { what: "reads before a write", value: run.usage.readUnits, atMost: 1 },
  ]
}

/** As in a process that serves many requests at once: those that wait share the next commit. */
export async function coalesced(stage: Stage, appends: number, placement: "cost" | "latency"): Promise<Measured> {
  const partition = await stage.newPartition()
  const { log } = stage.open()
  const shape = { ...SHAPE, placement }
  const appenders = Array.from({ length: APPENDERS }, () => log)
  const run = await appendRun({ meter: stage.meter, partition, shape, appends, appenders })
  return {
    ...PER_APPEND,
    workload: `100 B, ${APPENDERS} at once in one process, placement=${placement}`,
    count: run.appends,
    usage: run.usage,
    remarks: [],
    bars: [{ what: "write units an append", value: run.usage.writeUnits / run.appends, atMost: 0.5 }],
  }
}

/** As from as many Lambda environments. DynamoDB Local gives one item all it has: see contention for what DynamoDB gives. */
export async function separate(stage: Stage, appends: number, appenderCount: number): Promise<Measured> {
  const partition = await stage.newPartition()
  const appenders = Array.from({ length: appenderCount }, () => stage.open({ rollInBackground: false }).log)
  for (const log of appenders) await log.append(partition, [])
  const run = await appendRun({ meter: stage.meter, partition, shape: SHAPE, appends, appenders })
  return {
    ...PER_APPEND,
    workload: `100 B, ${appenderCount} at once, each its own process`,
    count: run.appends,
    usage: run.usage,
    remarks: [`${run.refusals} answered 429`, `${percent(shareOfOne(run))} in one request`],
    bars: [],
  }
}

/** All that an append ever costs: roll, page, segment, and the deletes of what the segment replaces. */
export async function wholeLife(stage: Stage, appends: number, shape: BatchShape = SHAPE): Promise<Measured> {
  const partition = await stage.newPartition()
  const { log } = stage.open({ rollInBackground: false })
  await warmUp(log, partition, shape)
  const before = stage.meter.usage()
  const { appends: count } = await appendRun({
    meter: stage.meter,
    partition,
    shape,
    appends,
    appenders: [log],
  })
  // As a function of its own, which has nothing in memory.
  await stage.open().tier(partition)
  return {
    ...PER_APPEND,
    workload: `${shape.recordBytes} B, sequential, then tiered and its pages deleted`,
    count,
    usage: difference(stage.meter.usage(), before),
    remarks: [],
    bars: [],
  }
}

function shareOfOne({ requests, appends }: AppendRun): number {
  return (requests.get(1) ?? 0) / appends
}

function mostRequests({ requests }: AppendRun): number {
  return Math.max(...requests.keys())
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}
