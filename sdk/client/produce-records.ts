/** Produce in one request, without a producer: what scripts and conditional writers want. */

import type { ProducerInput } from "../protocol/schemas/produce.ts"
import type { Produced, ProducedPartly } from "../protocol/schemas/produced.ts"
import { invalidArgument, StratalogError } from "./errors.ts"
import { pathOf } from "./http-request.ts"
import { errorOfProblem } from "./problem-error.ts"
import { headersToWire, type ProducerRecord } from "./records.ts"
import type { Serde } from "./serde.ts"
import type { Transport } from "./transport.ts"

export type { Produced, ProducerInput }

export interface ProduceOptions {
  /** Sends all records there, all or none. Needed by the options below. */
  readonly partition?: number | undefined
  /** Append only if the first record gets exactly this offset; else a MatchFailedError with the next offset. */
  readonly matchOffset?: number | undefined
  /** Append only if this is the partition's fencing token; else a FenceFailedError. */
  readonly fencingToken?: string | undefined
  /** Makes the call idempotent: it is then sent again where its outcome is not known. */
  readonly producer?: ProducerInput | undefined
  readonly signal?: AbortSignal | undefined
}

export type PartitionFailure = { readonly partition: number; readonly error: StratalogError }

/** Some partitions' records were appended and others' were not. `cause` is the first failure. */
export class ProduceError extends StratalogError {
  override readonly name = "ProduceError"
  readonly results: readonly Produced[]
  readonly failures: readonly PartitionFailure[]

  constructor(results: readonly Produced[], failures: readonly PartitionFailure[]) {
    const where = failures.map(({ partition, error }) => `partition ${partition}: ${error.detail}`).join("; ")
    super({
      code: "partial_failure",
      detail: `Not all records were appended: ${where}`,
      status: 207,
      retryable: failures.every(({ error }) => error.retryable),
      sideEffects: failures.some(({ error }) => error.sideEffects === "unknown") ? "unknown" : "none",
      cause: failures[0]?.error,
    })
    this.results = results
    this.failures = failures
  }
}

export interface TopicSerdes {
  readonly topic: string
  readonly key: Serde
  readonly value: Serde
}

export async function produceRecords<K, V>(
  transport: Transport,
  serdes: TopicSerdes,
  records: readonly ProducerRecord<K, V>[],
  options: ProduceOptions,
): Promise<Produced[]> {
  requirePartition(options)
  const { partition, matchOffset, fencingToken, producer, signal } = options
  const json = {
    records: await Promise.all(records.map((record) => toWire(serdes, record, partition))),
    keyFormat: serdes.key.format.wire,
    valueFormat: serdes.value.format.wire,
    matchOffset,
    fencingToken,
    producer,
  }
  const repeatable = producer !== undefined
  const request = { method: "POST", json, repeatable, signal } as const
  if (partition === undefined) {
    return appendedEverywhere(
      await transport.json({ ...request, path: pathOf("v1", "topics", serdes.topic, "records"), answers: "results" }),
    )
  }
  const path = pathOf("v1", "topics", serdes.topic, "partitions", partition, "records")
  return [await transport.json<Produced>({ ...request, path, answers: "timestamp" })]
}

function requirePartition({ partition, matchOffset, fencingToken, producer }: ProduceOptions): void {
  if (partition !== undefined) return
  const named = Object.entries({ matchOffset, fencingToken, producer }).find(([, value]) => value !== undefined)
  if (named !== undefined) throw invalidArgument(`${named[0]} is about one partition: pass partition with it.`)
}

async function toWire<K, V>(serdes: TopicSerdes, record: ProducerRecord<K, V>, partition: number | undefined) {
  if (partition !== undefined && record.partition !== undefined && record.partition !== partition) {
    throw invalidArgument(`A record names partition ${record.partition}, but the call sends all to ${partition}.`)
  }
  return {
    key: await serdes.key.toWire(record.key),
    value: await serdes.value.toWire(record.value),
    headers: record.headers && headersToWire(record.headers),
    timestamp: record.timestamp,
    partition: partition === undefined ? record.partition : undefined,
  }
}

function appendedEverywhere({ results }: ProducedPartly): Produced[] {
  const appended: Produced[] = []
  const failures: PartitionFailure[] = []
  for (const result of results) {
    if ("error" in result) failures.push({ partition: result.partition, error: errorOfProblem(result.error) })
    else appended.push(result)
  }
  if (failures.length > 0) throw new ProduceError(appended, failures)
  return appended
}
