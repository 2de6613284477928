/** A producer's settings, by Kafka's names where it has one. */
import type { CodecName } from "../../record-batch/types.ts"
import { invalidArgument } from "../errors.ts"
import type { Partitioner } from "./partitioner.ts"

export interface ProducerOptions {
  /** Only `all`: every append is durable before it is acknowledged. */
  readonly acks?: "all" | undefined
  /** How long a batch that is not full waits for more records, milliseconds. Default 5. */
  readonly lingerMs?: number | undefined
  /** A batch with so many bytes of records is sent at once. A larger record is sent alone. Default 128 KiB. */
  readonly batchSize?: number | undefined
  /** The most records of a batch. Default 10,000. */
  readonly maxBatchRecords?: number | undefined
  /** Default `none`. */
  readonly compressionType?: CodecName | undefined
  /** Each record at most once, and each partition in the order of `send`, whatever is lost on the way. Default true. */
  readonly enableIdempotence?: boolean | undefined
  /** The most bytes of records that wait for their acknowledgement. Beyond it, `send` waits. Default 32 MiB. */
  readonly bufferMemory?: number | undefined
  /** How long `send` waits for room or for the topic's partitions, milliseconds. Default 60 s. */
  readonly maxBlockMs?: number | undefined
  /** The most requests in flight at once; never more than one of them for one partition. Default 5. */
  readonly maxInFlightRequestsPerConnection?: number | undefined
  /** How long after `send` a record is given up, milliseconds. Default 120 s. */
  readonly deliveryTimeoutMs?: number | undefined
  /** How often a batch is sent again. Default: until `deliveryTimeoutMs`. */
  readonly retries?: number | undefined
  /** The bound of the first pause before a retry, milliseconds; it doubles each time. Default 100. */
  readonly retryBackoffMs?: number | undefined
  /** The most that a pause's bound grows to, milliseconds. Default 1 s. */
  readonly retryBackoffMaxMs?: number | undefined
  /** How long one request may take, milliseconds. Default 30 s. */
  readonly requestTimeoutMs?: number | undefined
  /** How old what is known of a topic's number of partitions may get, milliseconds. Default 5 minutes. */
  readonly metadataMaxAgeMs?: number | undefined
  /**
   * Where keys go: `murmur2` (default) as Kafka's Java client and the service do, `crc32` as librdkafka does, or a
   * function. Records without a key fill one batch after another, each on a partition chosen at random.
   */
  readonly partitioner?: "murmur2" | "crc32" | Partitioner | undefined
}

export type ProducerSettings = { readonly [Name in keyof ProducerOptions]-?: NonNullable<ProducerOptions[Name]> }

const KiB = 1024
const MiB = 1024 * KiB

export const defaultProducerSettings: ProducerSettings = {
  acks: "all",
  lingerMs: 5,
  batchSize: 128 * KiB,
  maxBatchRecords: 10_000,
  compressionType: "none",
  enableIdempotence: true,
  bufferMemory: 32 * MiB,
  maxBlockMs: 60_000,
  maxInFlightRequestsPerConnection: 5,
  deliveryTimeoutMs: 120_000,
  retries: Number.POSITIVE_INFINITY,
  retryBackoffMs: 100,
  retryBackoffMaxMs: 1_000,
  requestTimeoutMs: 30_000,
  metadataMaxAgeMs: 300_000,
  partitioner: "murmur2",
}

const atLeastOne = [
  "batchSize",
  "maxBatchRecords",
  "bufferMemory",
  "maxInFlightRequestsPerConnection",
  "deliveryTimeoutMs",
  "requestTimeoutMs",
] as const
const atLeastZero = [
  "lingerMs",
  "maxBlockMs",
  "retries",
  "retryBackoffMs",
  "retryBackoffMaxMs",
  "metadataMaxAgeMs",
] as const

/** Fills in the defaults. Throws `invalid_argument` on a value that cannot work. */
export function producerSettings(options: ProducerOptions): ProducerSettings {
  const given = Object.entries(options).filter(
    ([name, value]) => name in defaultProducerSettings && value !== undefined,
  )
  const settings: ProducerSettings = { ...defaultProducerSettings, ...Object.fromEntries(given) }
  if (settings.acks !== "all") {
    throw invalidArgument(`acks can only be "all": an append is durable before it is acknowledged.`)
  }
  for (const name of atLeastOne) requireAtLeast(name, settings[name], 1)
  for (const name of atLeastZero) requireAtLeast(name, settings[name], 0)
  return settings
}

function requireAtLeast(name: string, value: number, least: number): void {
  if (!(value >= least)) throw invalidArgument(`${name} is ${value}; it must be ${least} or more.`)
}
