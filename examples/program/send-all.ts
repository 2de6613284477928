import type { ProducerRecord, TopicProducer } from "stratalog"

/** So many records are on their way at most. */
const AT_ONCE = 1000

/** Sends records as they come. Resolves once all are durable, and rejects with the first that could not be delivered. */
export async function sendAll<K, V>(
  producer: TopicProducer<K, V>,
  records: AsyncIterable<ProducerRecord<K, V>>,
  onDelivered: () => void = () => {},
): Promise<void> {
  const failing = new AbortController()
  let sent = 0
  for await (const record of records) {
    failing.signal.throwIfAborted()
    // Not awaited: what is sent in a short while travels in one batch. The producer is idempotent, so its retries
    // make no duplicates.
    producer.send(record).then(onDelivered, (error: unknown) => failing.abort(error))
    if (++sent % AT_ONCE === 0) await producer.flush()
  }
  await producer.flush()
  failing.signal.throwIfAborted()
}
