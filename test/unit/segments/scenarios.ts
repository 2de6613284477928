/** Logs to keep up, and what has to be readable of them at any moment. */
import type { TopicConfigInput } from "stratalog/protocol"
import { type BatchRecord, decodeBatch, type RecordInput } from "stratalog/record-batch"
import { expect } from "vitest"
import type { StoredBatch } from "../../../functions/log/ports.ts"
import type { UpkeepReport } from "../../../functions/segments/upkeep/report.ts"
import { batchOf, codecs, endOf } from "./fixture.ts"
import { DAY, HOUR, keepUp, type LogRead, T0, type UpkeptLog, upkeptLog } from "./upkept-log.ts"

export interface Scenario {
  readonly name: string
  /** The log as it is before the run that is looked at. */
  readonly make: () => Promise<UpkeptLog>
  readonly config: TopicConfigInput
  readonly compacted: boolean
  /** What the run has to do for the scenario to be one. */
  readonly does: readonly (keyof Omit<UpkeepReport, "failures" | "unfinished">)[]
}

const PAGES = 10

/** Two batches of two records a page, a page a day; keys repeat, and some of the values are tombstones. */
export function contentOf() {
  const batches = Array.from({ length: 2 * PAGES + 2 }, (_, index) => {
    const records = [2 * index, 2 * index + 1].map((offset): RecordInput => {
      const value = offset % 9 === 5 ? null : Buffer.alloc(150, `v${offset}`)
      return { timestamp: T0 + Math.floor(offset / 4) * HOUR, key: Buffer.from(`k${(offset * 5) % 7}`), value }
    })
    return batchOf(records, 2 * index)
  })
  const pages = Array.from({ length: PAGES }, (_, page) => ({
    batches: batches.slice(2 * page, 2 * page + 2),
    storedAt: T0 + page * HOUR,
  }))
  return { pages, tail: batches.slice(2 * PAGES) }
}

export const allBatches: readonly StoredBatch[] = [
  ...contentOf().pages.flatMap(({ batches }) => batches),
  ...contentOf().tail,
]

const small: TopicConfigInput = { "segment.bytes": 1024 }
const compact: TopicConfigInput = { "cleanup.policy": "compact", "delete.retention.ms": 0 }
const settings = { segmentBytes: 4000, graceMs: HOUR }

async function tiered(over: Partial<UpkeptLog["settings"]> = {}): Promise<UpkeptLog> {
  const log = upkeptLog(contentOf(), { ...settings, ...over })
  await keepUp(log, { ...small, "retention.ms": -1 }, false)
  return log
}

export const scenarios: readonly Scenario[] = [
  {
    name: "tiering",
    make: async () => upkeptLog(contentOf(), settings),
    config: small,
    compacted: false,
    does: ["tieredSegments"],
  },
  {
    name: "tiering into larger segments",
    make: async () => upkeptLog(contentOf(), settings),
    config: {},
    compacted: false,
    does: ["tieredSegments"],
  },
  { name: "merging", make: tiered, config: { "retention.ms": -1 }, compacted: false, does: ["mergedSegments"] },
  {
    name: "retention by time, of segments and pages",
    make: async () => upkeptLog(contentOf(), settings),
    config: { ...small, "retention.ms": DAY - 4 * HOUR },
    compacted: false,
    does: ["expiredRecords", "tieredSegments"],
  },
  {
    name: "retention by time, after tiering",
    make: tiered,
    config: { "retention.ms": DAY - 7 * HOUR },
    compacted: false,
    does: ["expiredRecords", "reclaimedSegments"],
  },
  {
    name: "retention by size",
    make: tiered,
    config: { ...small, "retention.bytes": 3000 },
    compacted: false,
    does: ["expiredRecords", "reclaimedSegments"],
  },
  { name: "compaction", make: tiered, config: { ...small, ...compact }, compacted: true, does: ["compactedRecords"] },
  {
    name: "compaction with room for three keys",
    make: () => tiered({ compactionKeys: 3 }),
    config: { ...small, ...compact },
    compacted: true,
    does: ["compactedRecords"],
  },
  {
    name: "compaction and merging",
    make: tiered,
    config: compact,
    compacted: true,
    does: ["mergedSegments", "compactedRecords"],
  },
  {
    name: "compaction whose tombstones are over",
    make: async () => {
      const log = await tiered({ compactionKeys: 4, maxDirtyMs: 0 })
      await keepUp(log, { ...small, ...compact })
      log.time.now += 2 * DAY
      log.recent.roll(log.time.now - DAY, [])
      return log
    },
    config: { ...small, ...compact },
    compacted: true,
    does: ["compactedRecords", "tieredSegments"],
  },
  {
    name: "compaction and retention",
    make: tiered,
    config: { "cleanup.policy": "compact,delete", "retention.ms": DAY - 4 * HOUR },
    compacted: true,
    does: ["expiredRecords", "compactedRecords"],
  },
]

export async function recordsOf(batches: readonly StoredBatch[]): Promise<BatchRecord[]> {
  const records: BatchRecord[] = []
  for (const { bytes } of batches) records.push(...(await decodeBatch(bytes, codecs, 2 ** 24)))
  return records
}

/** What a reader got is what the scenario promises. */
export async function expectTrue({ compacted }: Scenario, { from, batches }: LogRead): Promise<void> {
  const readable = allBatches.filter((batch) => endOf(batch) > from)
  if (!compacted) return expect(batches).toEqual(readable)
  const [given, original] = [await recordsOf(batches), await recordsOf(readable)]
  const byOffset = new Map(original.map((record) => [record.offset, record]))
  for (const record of given) expect(record).toEqual(byOffset.get(record.offset))
  expect(given.map(({ offset }) => offset)).toEqual(
    [...new Set(given.map(({ offset }) => offset))].sort((a, b) => a - b),
  )
  // Whoever follows the log knows the same of every key as somebody who read all of it.
  expect(stateOf(given)).toEqual(stateOf(original))
}

function stateOf(records: readonly BatchRecord[]): Record<string, string> {
  const values: Record<string, string> = {}
  for (const { key, value } of records) {
    const name = String(key)
    if (value === null) delete values[name]
    else values[name] = String(value)
  }
  return values
}
