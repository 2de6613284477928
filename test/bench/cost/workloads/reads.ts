/** What a fetch asks for, by where its offset lies. Each is the first of a process: nothing is in memory. */
import type { PartitionRef } from "../../../../functions/log/ports.ts"
import type { Measured } from "../report.ts"
import type { Stage } from "../stage.ts"
import { difference, requestsOf, type Usage } from "../usage.ts"
import { largeLog, segmentOf } from "./large-log.ts"

const MiB = 1024 ** 2

/** At the tail, and from offsets all over the log. */
export async function reads(stage: Stage, entries: number, fetches: number): Promise<readonly Measured[]> {
  const { partition, tieredTo, tailBase } = await largeLog(stage, entries, Math.min(entries / 2, 10_000))
  const size = entries.toLocaleString("en-US")
  const spread = (from: number, to: number) => {
    return Array.from({ length: fetches }, (_, at) => from + Math.floor(((to - from) * at) / fetches))
  }
  const tail = await fetchEach(stage, partition, spread(tailBase, tailBase + 1))
  const pages = await fetchEach(stage, partition, spread(tieredTo, tailBase))
  const segments = await fetchEach(stage, partition, spread(0, tieredTo))
  const of = (where: string, { usage, bytes }: Fetched): Omit<Measured, "bars"> => ({
    workload: `fetch of 1 MiB ${where} of ${size} entries`,
    per: "fetch",
    count: fetches,
    usage,
    moneyFor: { name: "a million", count: 1_000_000 },
    remarks: [`${(bytes / fetches / 1024).toFixed(1)} KiB an answer`],
  })
  const queries = ({ usage }: Fetched) => ({
    what: "index queries an answer",
    value: requestsOf(usage, "Query") / fetches,
    atMost: 1,
  })
  return [
    {
      ...of("at the tail", tail),
      bars: [
        { what: "read units", value: tail.usage.readUnits / fetches, atMost: 1 },
        { what: "requests", value: requestsOf(tail.usage, "GetItem", "Query", "GetObject") / fetches, atMost: 1 },
      ],
    },
    { ...of("in the pages", pages), bars: [queries(pages)] },
    {
      ...of("in the segments", segments),
      bars: [
        {
          what: "index queries for each segment in an answer",
          value: requestsOf(segments.usage, "Query") / segments.segments,
          atMost: 1,
        },
        {
          what: "GETs for each segment in an answer of up to 1 MiB",
          value: requestsOf(segments.usage, "GetObject") / segments.segments,
          atMost: 1,
        },
      ],
    },
  ]
}

interface Fetched {
  readonly usage: Usage
  readonly bytes: number
  /** That hold a part of an answer. */
  readonly segments: number
}

async function fetchEach(stage: Stage, partition: PartitionRef, offsets: readonly number[]): Promise<Fetched> {
  const before = stage.meter.usage()
  let bytes = 0
  let segments = 0
  for (const offset of offsets) {
    const read = await stage.open().log.read(partition, { offset, maxBytes: MiB })
    const [first] = read.kind === "batches" ? read.batches : []
    if (read.kind !== "batches" || first?.baseOffset !== offset) throw new Error(`${offset}: ${JSON.stringify(read)}`)
    segments += segmentOf(read.batches.at(-1)?.baseOffset ?? offset) - segmentOf(offset) + 1
    bytes += read.batches.reduce((sum, batch) => sum + batch.bytes.length, 0)
  }
  return { usage: difference(stage.meter.usage(), before), bytes, segments }
}
