/** A group under load of which one member dies and which another joins: how long it takes, and what becomes of the records. */
import { type Consumer, Stratalog } from "stratalog"

export interface RebalanceOptions {
  readonly members: number
  readonly partitions: number
  readonly sessionTimeoutMs: number
}

export interface RebalanceResult {
  readonly diedMs: number
  readonly joinedMs: number
  readonly heartbeatMs: number
  readonly produced: number
  readonly lost: number
  readonly repeated: number
  readonly disordered: number
}

interface Member {
  readonly consumer: Consumer
  readonly running: Promise<void>
  /** As kill -9: nothing is sent any more, and what is processed is not seen by anybody. */
  kill(): void
}

const KEYS = 500

export async function rebalance(url: string, options: RebalanceOptions): Promise<RebalanceResult> {
  const log = new Stratalog({ url })
  const topic = "rebalance"
  await log.topics.create(topic, { partitions: options.partitions })
  const seen = new Map<string, number[]>()
  const start = () => startMember(url, topic, options.sessionTimeoutMs, seen)
  const members = Array.from({ length: options.members }, start)
  await until(() => isShared(members, options.partitions))
  const load = startLoad(log, topic)
  await pause(1_000)

  const [victim, ...others] = members
  victim?.kill()
  const diedAt = performance.now()
  await until(() => isShared(others, options.partitions))
  const diedMs = performance.now() - diedAt
  await pause(500)

  const joinedAt = performance.now()
  const all = [...others, start()]
  await until(() => isShared(all, options.partitions))
  const joinedMs = performance.now() - joinedAt
  await pause(500)

  const produced = await load.stop()
  await until(() => countOf(seen) === produced)
  await Promise.all(all.map(({ consumer }) => consumer.close()))
  await Promise.all(all.map(({ running }) => running))
  const { repeated, disordered } = faultsOf(seen)
  const lost = produced - countOf(seen)
  // What the service asks for: a third of the session time-out, 5 s at most.
  const heartbeatMs = Math.min(options.sessionTimeoutMs / 3, 5_000)
  return { diedMs, joinedMs, heartbeatMs, produced, lost, repeated, disordered }
}

function startMember(url: string, topic: string, sessionTimeoutMs: number, seen: Map<string, number[]>): Member {
  let isDead = false
  const log = new Stratalog({
    url,
    fetch: (to, init) => (isDead ? new Promise(() => {}) : fetch(to, init)),
  })
  const consumer = log.consumer({ group: "rebalance", topics: [topic], sessionTimeoutMs, autoCommitIntervalMs: 500 })
  const running = consumer.run({
    concurrency: 4,
    eachRecord: async ({ key, value }) => {
      await Promise.resolve()
      if (isDead) return
      const values = seen.get(String(key))
      if (values === undefined) seen.set(String(key), [Number(value)])
      else values.push(Number(value))
    },
  })
  const kill = () => {
    isDead = true
  }
  return { consumer, running, kill }
}

/** Every partition is somebody's, and everybody has its share. */
function isShared(members: readonly Member[], partitions: number): boolean {
  const counts = members.map(({ consumer }) =>
    consumer.assignment().reduce((sum, each) => sum + each.partitions.length, 0),
  )
  const isEven = counts.every((count) => count >= Math.floor(partitions / members.length))
  return isEven && counts.reduce((sum, count) => sum + count, 0) === partitions
}

function startLoad(log: Stratalog, topic: string): { stop(): Promise<number> } {
  const producer = log.topic(topic).producer()
  let stopped = false
  let produced = 0
  const running = (async () => {
    while (!stopped) {
      for (let at = 0; at < 10; at++) void producer.send({ key: `k${produced % KEYS}`, value: produced++ })
      await pause(10)
    }
  })()
  const stop = async () => {
    stopped = true
    await running
    await producer.close()
    return produced
  }
  return { stop }
}

function countOf(seen: ReadonlyMap<string, readonly number[]>): number {
  let count = 0
  for (const values of seen.values()) count += new Set(values).size
  return count
}

/** A record may come again where its member died, from there on in order; new ones may not come before older ones. */
function faultsOf(seen: ReadonlyMap<string, readonly number[]>) {
  let repeated = 0
  let disordered = 0
  for (const values of seen.values()) {
    let last = -1
    for (const value of values) {
      if (value <= last) repeated++
      else if (value !== (last === -1 ? value : last + KEYS)) disordered++
      last = Math.max(last, value)
    }
  }
  return { repeated, disordered }
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await pause(5)
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
