/** The second half of a pass, for one segment: what stays of it. */
import { type BatchRecord, encodeRetained, readBatchHeader } from "stratalog/record-batch"
import type { StoredBatch } from "../../log/ports.ts"
import type { UpkeepDependencies } from "../dependencies.ts"
import type { CorruptPart } from "../failures.ts"
import type { Segment } from "../ports.ts"
import { needsDeleteHorizon, type RetentionOfRecords, staysInLog } from "./decide.ts"
import { recordsOf } from "./records-of.ts"

export interface RewriteRules extends RetentionOfRecords {
  /** Until when tombstones stay that are compacted for the first time, epoch milliseconds. */
  readonly deleteHorizon: number
}

export type RewrittenSegment =
  /** `changed`: the batches are others than before. */
  | {
      readonly kind: "batches"
      readonly batches: readonly StoredBatch[]
      readonly changed: boolean
      readonly removed: number
    }
  | CorruptPart

type Dependencies = Pick<UpkeepDependencies, "codecs" | "settings">

export async function rewrite(
  deps: Dependencies,
  segment: Segment,
  batches: readonly StoredBatch[],
  rules: RewriteRules,
): Promise<RewrittenSegment> {
  const kept: StoredBatch[] = []
  let changed = false
  let removed = 0
  for (const batch of batches) {
    const records = await recordsOf(deps, segment, batch)
    if ("kind" in records) return records
    const rewritten = await rewriteBatch(deps, batch, records, rules)
    removed += records.length - rewritten.records
    // An empty batch at the end says where the segment ends; elsewhere a gap says the same.
    const stays = rewritten.records > 0 || batch === batches.at(-1)
    if (stays) kept.push(rewritten.batch)
    changed ||= !stays || rewritten.batch !== batch
  }
  return { kind: "batches", batches: kept, changed, removed }
}

async function rewriteBatch(
  { codecs }: Dependencies,
  batch: StoredBatch,
  records: readonly BatchRecord[],
  rules: RewriteRules,
): Promise<{ readonly batch: StoredBatch; readonly records: number }> {
  const header = readBatchHeader(batch.bytes)
  const staying = records.filter((record) => staysInLog(record, header, rules))
  const horizon = needsDeleteHorizon(staying, header, rules.to) ? rules.deleteHorizon : undefined
  if (staying.length === records.length && horizon === undefined) return { batch, records: records.length }
  const bytes = await encodeRetained(batch.bytes, staying, codecs, horizon)
  const { maxTimestamp } = readBatchHeader(bytes)
  return { batch: { ...batch, maxTimestamp, bytes }, records: staying.length }
}
