/** What every runtime does with the client: produce, read, follow, be refused, and consume in a group. */
import { MatchFailedError, Stratalog } from "stratalog"

export interface RoundTrip {
  readonly read: readonly string[]
  readonly followed: string | null
  readonly nextOffset: number | undefined
  readonly codecs: readonly string[]
  /** Records that a consumer processed, and what its group lags behind then. */
  readonly consumed: readonly [records: number, lag: number]
}

/** With a key: a page of another origin has to ask before it sends one. */
export async function roundTrip(url: string, name: string, apiKey: string): Promise<RoundTrip> {
  const log = new Stratalog({ url, apiKey: async () => apiKey })
  const topic = log.topic(name, { valueFormat: "utf8" })
  await log.topics.create(name, { partitions: 2 })
  const codecs: string[] = []
  for (const compressionType of ["none", "gzip", "snappy", "lz4"] as const) {
    const producer = topic.producer({ compressionType })
    await Promise.all([0, 1, 2].map((partition) => producer.send({ partition: partition % 2, value: compressionType })))
    await producer.close()
    codecs.push(compressionType)
  }
  const read: string[] = []
  for await (const { partition, offset, value } of topic.read()) read.push(`${partition}/${offset} ${value}`)
  const following = topic.read({ partition: 1, from: "latest", follow: true, waitMs: 5_000 })
  const next = following.next()
  await topic.produce({ value: "zürich" }, { partition: 1 })
  // The record is new to the reader, or was there already when it asked for the latest: then another one follows.
  await topic.produce({ value: "zürich" }, { partition: 1 })
  const followed = (await next).value?.value ?? null
  await following.return()
  const refused = await topic.produce({ value: "" }, { partition: 1, matchOffset: 1 }).catch((error: unknown) => error)
  const consumed = await consume(log, name)
  await log.topics.delete(name)
  return {
    read: read.toSorted(),
    followed,
    nextOffset: refused instanceof MatchFailedError ? refused.nextOffset : -1,
    codecs,
    consumed,
  }
}

async function consume(log: Stratalog, name: string): Promise<[number, number]> {
  const total = (await log.topic(name).offsets()).reduce((sum, { highWatermark }) => sum + highWatermark, 0)
  const consumer = log.consumer({ group: name, topics: [name], valueFormat: "utf8" })
  let records = 0
  for await (const _ of consumer) {
    if (++records < total) continue
    await consumer.commit()
    break
  }
  return [records, (await log.group(name).lag()).totalLag]
}
