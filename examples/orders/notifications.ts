/** The notification service: tells customers that their order has arrived, several at once. */
import type { Stratalog, TopicPartitions } from "stratalog"
import { NOTIFICATION_GROUP, notices, ORDERS, type Order, orderSchema, UNDELIVERABLE } from "./orders.ts"

export interface NotificationOptions {
  readonly instance: string | undefined
  readonly sessionTimeoutMs: number
  readonly signal: AbortSignal
  /** Told of the partitions that the service got. */
  readonly onAssigned: (partitions: readonly TopicPartitions[]) => void
  readonly onNotice: (text: string) => void
}

/**
 * Runs until `signal` aborts. Each customer is told at least once: the number of the order tells a notice that came twice.
 * What cannot be sent goes to a topic of its own, with the reason in its headers, and holds up nobody.
 */
export async function notifyCustomers(log: Stratalog, options: NotificationOptions): Promise<void> {
  const { instance, sessionTimeoutMs, signal, onAssigned, onNotice } = options
  await using producer = notices(log).producer()
  await using consumer = log.consumer({
    group: NOTIFICATION_GROUP,
    topics: [ORDERS],
    value: orderSchema,
    groupInstanceId: instance,
    sessionTimeoutMs,
    autoCommitIntervalMs: 500,
    onAssigned,
    signal,
  })
  await consumer.run({
    concurrency: 8,
    retry: { attempts: 2, baseMs: 10 },
    deadLetterTopic: UNDELIVERABLE,
    eachRecord: async ({ value: order }) => {
      const notice = noticeOf(order)
      await producer.send({ key: order.customer, value: notice })
      onNotice(`To ${notice.to}: ${notice.text}`)
    },
  })
}

/** Throws where there is no such address. */
export function noticeOf({ number, customer, email, quantity, item }: Order) {
  if (!/^\S+@\S+$/.test(email)) throw new Error(`No mail reaches "${email}".`)
  return { order: number, to: email, text: `Dear ${customer}, your order ${number} is here: ${quantity} x ${item}.` }
}
