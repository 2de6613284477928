/** The inventory service: takes orders off the stock, each exactly once. */
import type { Stratalog, TopicPartitions } from "stratalog"
import { INVENTORY_GROUP, ORDERS, orderSchema } from "./orders.ts"
import type { Stock } from "./stock.ts"

export interface InventoryOptions {
  readonly stock: Stock
  /** Of the topic of orders. */
  readonly topicId: string
  /** A name that is the same after a restart: the service then goes on with its partitions at once. */
  readonly instance: string | undefined
  readonly sessionTimeoutMs: number
  readonly signal: AbortSignal
  /** Told of the partitions that the service got. */
  readonly onAssigned: (partitions: readonly TopicPartitions[]) => void
  /** Told how many orders of a batch were new, and how many had been processed before a crash. */
  readonly onBatch: (fresh: number, known: number) => void
}

/**
 * Runs until `signal` aborts. The group hands out each order at least once: after a crash those again that were not
 * committed yet. The stock itself knows up to which offset it is, so none counts twice.
 */
export async function keepInventory(log: Stratalog, options: InventoryOptions): Promise<void> {
  const { stock, topicId, instance, sessionTimeoutMs, signal, onAssigned, onBatch } = options
  await using consumer = log.consumer({
    group: INVENTORY_GROUP,
    topics: [ORDERS],
    value: orderSchema,
    groupInstanceId: instance,
    sessionTimeoutMs,
    autoCommitIntervalMs: 500,
    onAssigned,
    maxPollRecords: 20,
    signal,
  })
  for await (const { partition, records } of consumer.batches()) {
    const fresh = stock.take(topicId, partition, records)
    onBatch(fresh, records.length - fresh)
  }
}
