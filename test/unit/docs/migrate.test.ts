// docs/migrate.md names settings that are there, and has a word for each that people set.
import { readFileSync } from "node:fs"
import type { ConsumerOptions, ProducerOptions, RunSettings, StratalogOptions } from "stratalog"
import { describe, expect, it } from "vitest"
import { defaultProducerSettings } from "../../../sdk/client/producer/options.ts"

/** Held to what is there by their type. */
const consumer: readonly (keyof ConsumerOptions | keyof RunSettings)[] = [
  "group",
  "topics",
  "groupInstanceId",
  "assignor",
  "sessionTimeoutMs",
  "rebalanceTimeoutMs",
  "maxPollIntervalMs",
  "autoOffsetReset",
  "from",
  "maxPollRecords",
  "fetchMinBytes",
  "fetchMaxBytes",
  "fetchMaxWaitMs",
  "idlePauseMs",
  "autoCommit",
  "enableAutoCommit",
  "autoCommitIntervalMs",
  "onAssigned",
  "onRevoked",
  "concurrency",
  "retry",
  "deadLetterTopic",
  "signal",
]
const producer = Object.keys(defaultProducerSettings) as (keyof ProducerOptions)[]
const others: readonly (keyof StratalogOptions | keyof ConsumerOptions)[] = [
  "timeoutMs",
  "keyFormat",
  "valueFormat",
  "key",
  "value",
]

const text = readFileSync(new URL("../../../docs/migrate.md", import.meta.url), "utf8")
/** The column of our own names, of the two wide tables. */
const here = text
  .split("\n")
  .filter((line) => line.startsWith("| ") && line.split("|").length === 8)
  .map((line) => line.split("|")[5] ?? "")
const named = new Set(
  here
    .flatMap((cell) => [...cell.matchAll(/`([a-zA-Z]+)[(`]/g)].map(([, name]) => name))
    .filter((name) => name !== undefined),
)

describe("the migration table", () => {
  it("names every setting of the producer and of the consumer", () => {
    for (const name of [...producer, ...consumer]) expect([name, named.has(name)]).toEqual([name, true])
  })

  it("names nothing else for one", () => {
    const words = ["uniform", "range", "roundrobin", "all", "run", "pause", "resume", "seek", "matchOffset"]
    const known = new Set<string>([...producer, ...consumer, ...others, ...words])
    expect([...named].filter((name) => !known.has(name))).toEqual([])
  })

  it.each([
    "acks",
    "linger.ms",
    "batch.size",
    "compression.type",
    "retries",
    "retry.backoff.ms",
    "queue.buffering.max.kbytes",
    "max.in.flight",
    "request.timeout.ms",
    "delivery.timeout.ms",
    "session.timeout.ms",
    "heartbeat.interval.ms",
    "max.poll.interval.ms",
    "max_poll_records",
    "fetch.min.bytes",
    "fetch.max.bytes",
    "fetch.wait.max.ms",
    "enable.auto.commit",
    "auto.commit.interval.ms",
    "auto.offset.reset",
  ])("has a line for Kafka's %s", (name) => {
    expect(text).toContain(`\`${name}\``)
  })
})
