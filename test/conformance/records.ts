/** Appends and reads in one line, for cases whose subject is something else. */
import assert from "node:assert/strict"
import type { Fetched, FetchedRecord, Produced, RecordInput } from "stratalog/protocol"
import type { CaseContext } from "./context.ts"

export function append(
  context: CaseContext,
  topic: string,
  records: readonly RecordInput[],
  extra: Readonly<Record<string, unknown>> = {},
  partition = 0,
): Promise<Produced> {
  return context.call("produceToPartition", 200, { params: { topic, partition }, body: { records, ...extra } })
}

/** Appends one batch for each value. */
export async function appendEach(context: CaseContext, topic: string, values: readonly unknown[]): Promise<void> {
  for (const value of values) await append(context, topic, [{ value }])
}

export function fetch(
  context: CaseContext,
  topic: string,
  query: Readonly<Record<string, string | number>> = {},
  partition = 0,
): Promise<Fetched> {
  return context.call("fetchRecords", 200, { params: { topic, partition }, query })
}

/** Everything in a partition, read on from answer to answer. */
export async function readAll(context: CaseContext, topic: string, partition = 0): Promise<FetchedRecord[]> {
  const records: FetchedRecord[] = []
  for (let offset: number | "earliest" = "earliest"; ; ) {
    const answer: Fetched = await fetch(context, topic, { offset }, partition)
    records.push(...answer.records)
    if (answer.nextOffset === answer.highWatermark) return records
    assert.ok(answer.records.length > 0, "an empty answer below the high watermark")
    offset = answer.nextOffset
  }
}

export async function readValues(context: CaseContext, topic: string, partition = 0): Promise<unknown[]> {
  return (await readAll(context, topic, partition)).map((record) => record.value)
}

export async function highWatermark(context: CaseContext, topic: string, partition = 0): Promise<number> {
  const { offsets } = await context.call("topicOffsets", 200, { params: { topic }, query: { partition } })
  return offsets[0]?.highWatermark ?? assert.fail("no offsets")
}
