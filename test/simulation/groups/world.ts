/** Several processes that serve one group over one storage, and the topics that it reads. */
import { encodeBatch, portableCodecs } from "stratalog/record-batch"
import type { GroupStore } from "../../../functions/groups/ports.ts"
import { type PartitionLog, StorageUnavailable, type Unavailable } from "../../../functions/log/ports.ts"
import type { Topic, TopicStore } from "../../../functions/topics/ports.ts"
import { createMemoryGroupStore, groupReads } from "../../fakes/memory-group-store.ts"
import { createMemoryPartitionLog } from "../../fakes/memory-partition-log.ts"
import { createMemoryTopicStore } from "../../fakes/memory-topic-store.ts"
import { type GoOn, Network, overNetwork, SimulatedProcess } from "../append-protocol/network.ts"
import { Random } from "../random.ts"
import type { BreakStore } from "./broken-store.ts"
import { Chronicle } from "./chronicle.ts"
import { ClientNetwork } from "./client-network.ts"
import { watched } from "./store-watch.ts"

export interface WorldOptions {
  readonly seed: number
  readonly goOn: GoOn
  readonly faultRate: number
  /** How many commits land long after whoever sent them gave up, from 0 to 1. */
  readonly lateCommits: number
  /** How far the clocks of two processes are apart, milliseconds. */
  readonly skewMs: number
  readonly breakStore?: BreakStore
}

export interface Handler {
  readonly process: SimulatedProcess
  readonly groups: GroupStore
  readonly log: PartitionLog
  readonly topics: TopicStore
  readonly now: () => number
}

const MINUTE_MS = 60_000
const START_MS = 1_763_600_000_000

export class World {
  readonly random: Random
  readonly chronicle = new Chronicle()
  readonly storage: Network
  readonly clients: ClientNetwork
  readonly goOn: GoOn
  readonly log = createMemoryPartitionLog()
  readonly topics = createMemoryTopicStore()
  readonly store: GroupStore
  readonly #options: WorldOptions
  #now = START_MS
  #handlers = 0
  #values = 0
  #clocksAreRight = false
  readonly #lateCommits: (() => unknown)[] = []

  constructor(options: WorldOptions) {
    const { seed, goOn, faultRate, breakStore = (store: GroupStore) => store } = options
    this.#options = options
    this.goOn = goOn
    this.random = new Random(seed)
    this.storage = new Network(goOn, this.random, faultRate, () => this.jump())
    this.clients = new ClientNetwork({ goOn, random: this.random, rate: faultRate })
    const { violations } = this.chronicle
    // What was asked for is looked at as well as what came of it.
    this.store = watched(breakStore(watched(createMemoryGroupStore(), violations)), violations)
  }

  /** Time passes for everybody: mostly less than a session, now and then much more. */
  jump(): void {
    const { random } = this
    this.#now += random.chance(0.7) ? random.below(8_000) : random.below(10 * MINUTE_MS)
  }

  pass(milliseconds: number): void {
    this.#now += milliseconds
  }

  calmDown(): void {
    this.storage.calm = true
    this.clients.calm = true
    this.#clocksAreRight = true
    this.storage.landAll()
    for (const land of this.#lateCommits.splice(0)) land()
  }

  async makeTopic(name: string, partitions: number): Promise<void> {
    const id = `0a000000-0000-4000-8000-${name.padStart(12, "0")}`
    const config = { "retention.ms": -1 }
    await this.topics.create({ name, id, partitions, config, createdAt: START_MS, version: 1 })
    await this.log.createPartitions(id, partitions)
  }

  async addPartition(name: string): Promise<void> {
    const topic = await this.topic(name)
    const partitions = topic.partitions + 1
    await this.log.createPartitions(topic.id, partitions)
    await this.topics.replace({ ...topic, partitions, version: topic.version + 1 })
  }

  async topic(name: string): Promise<Topic> {
    const topic = await this.topics.get(name)
    if (topic === undefined) throw new Error(`no topic ${name}`)
    return topic
  }

  /** Appends without any faults: those are the append protocol's own simulation's. */
  async append(topic: Topic, partition: number, count: number): Promise<void> {
    const { chronicle } = this
    const values = Array.from({ length: count }, () => `v${++this.#values}`)
    const records = values.map((value) => ({ timestamp: START_MS, key: null, value: Buffer.from(value) }))
    const batch = encodeBatch({ records }, portableCodecs().crc32c)
    const call = chronicle.begin()
    const entry = { batch, recordCount: count, maxTimestamp: START_MS }
    const [outcome] = await this.log.append({ topicId: topic.id, partition }, [entry])
    if (outcome?.kind !== "appended") throw new Error(`not appended: ${outcome?.kind}`)
    const key = `${topic.name}/${partition}`
    chronicle.end("producer", call, { f: "append", type: "ok", key, value: values, offset: outcome.baseOffset })
  }

  /** A process that starts now, with a clock of its own. */
  start(): Handler {
    const { storage } = this
    const process = new SimulatedProcess(`p${this.#handlers++}`)
    const skew = Math.round((this.random.next() - 0.5) * this.#options.skewMs)
    const groups = overNetwork<GroupStore>(this.#withLateCommits(this.#inTwoSteps()), groupReads, storage, process)
    const logOverNetwork = overNetwork<PartitionLog>(this.log, LOG_READS, storage, process)
    const { read, describe, findByTimestamp } = logOverNetwork
    return {
      process,
      groups,
      log: { ...this.log, read, describe, findByTimestamp },
      topics: throwing(overNetwork<TopicStore>(this.topics, TOPIC_READS, storage, process)),
      now: () => {
        this.#now += 2
        return this.#now + (this.#clocksAreRight ? 0 : skew)
      },
    }
  }

  /** Commits overtake each other, and claims overtake commits. */
  #withLateCommits(store: GroupStore): GroupStore {
    const late = this.#lateCommits
    const { random, storage } = this
    const landOne = () => {
      if (random.chance(0.3)) late.splice(random.below(late.length), 1)[0]?.()
    }
    return {
      ...store,
      commit: (...args) => {
        landOne()
        if (storage.calm || !random.chance(this.#options.lateCommits)) return store.commit(...args)
        late.push(() => store.commit(...args))
        return { kind: "unavailable", reason: "storage_failed", sideEffects: "unknown", detail: "no answer came" }
      },
      claim: (...args) => {
        landOne()
        return store.claim(...args)
      },
    }
  }

  /** The state and what was seen may be from different moments, in either order. */
  #inTwoSteps(): GroupStore {
    const { store, goOn } = this
    return {
      ...store,
      members: async (group) => {
        const first = await store.members(group)
        await goOn("reading members")
        const second = await store.members(group)
        if (first.kind !== "members" || second.kind !== "members") return second
        const [state, seen] = this.random.chance(0.5) ? [first.state, second.seen] : [second.state, first.seen]
        return { kind: "members", ...(state && { state }), seen }
      },
    }
  }
}

const LOG_READS: readonly (keyof PartitionLog)[] = ["read", "describe", "findByTimestamp"]
const TOPIC_READS: readonly (keyof TopicStore)[] = ["get", "recent", "list"]

/** Reads of topics have no outcome for a storage that fails: they throw. */
function throwing(topics: TopicStore): TopicStore {
  const read = async <T>(asked: T | Promise<T>): Promise<T> => {
    const answer = await asked
    if (isUnavailable(answer)) throw new StorageUnavailable(answer)
    return answer
  }
  return {
    ...topics,
    get: (name) => read(topics.get(name)),
    recent: (name) => read(topics.recent(name)),
    list: (request) => read(topics.list(request)),
  }
}

function isUnavailable(answer: unknown): answer is Unavailable {
  return typeof answer === "object" && answer !== null && "kind" in answer && answer.kind === "unavailable"
}
