/**
 * A log that grows, loses its beginning and is compacted, copied again and again over networks that lose, repeat and
 * refuse, by copies that die or run twice at once: in the end the target has every record once, in order, at the same
 * offset where nothing was compacted, and groups go on at the same record.
 */
import { randomInt } from "node:crypto"
import { expect, it } from "vitest"
import { Failure } from "../../../sdk/cli/failure.ts"
import { encodeBatch, encodeCompressedBatch } from "../../../sdk/record-batch/encode.ts"
import type { RecordInput } from "../../../sdk/record-batch/types.ts"
import { CopyUnderTest, codecs, contentOf } from "../../fakes/copy-under-test.ts"
import type { Fault } from "../../fakes/faulty-fetch.ts"
import { Random } from "../../simulation/random.ts"

const RUNS = Number(process.env["STRATALOG_COPY_RUNS"] ?? 8)
const first = Number(process.env["STRATALOG_SEED"] ?? randomInt(2 ** 31))
/** Once the target kept records before the first that the source still had, and a group read again what it had read. */
const FOUND = [1464605972]
const PARTITIONS = 2

const faults: readonly Fault[] = [
  { kind: "lost_request" },
  { kind: "lost_answer" },
  { kind: "cut_body" },
  { kind: "late" },
  { kind: "problem", code: "unavailable" },
  { kind: "problem", code: "too_many_requests", retryAfter: "1" },
  { kind: "gateway", status: 502, arrives: true },
  { kind: "gateway", status: 503, arrives: false },
]

interface Copied {
  readonly offset: number
  readonly timestamp: number
}

class History {
  readonly random: Random
  readonly under: CopyUnderTest
  readonly isCompacted: boolean
  #records = 0

  constructor(random: Random, under: CopyUnderTest) {
    this.random = random
    this.under = under
    this.isCompacted = random.chance(0.5)
  }

  async begin(): Promise<void> {
    const config = { "cleanup.policy": this.isCompacted ? "compact" : "delete", "retention.ms": -1 } as const
    await this.under.source.log.topics.create("log", { partitions: PARTITIONS, config })
  }

  async grow(): Promise<void> {
    const { random, under } = this
    for (let batches = random.below(8); batches > 0; batches--) await this.#append()
    const partition = random.below(PARTITIONS)
    const topic = under.source.log.topic("log")
    const [ends] = await topic.offsets({ partition })
    if (random.chance(0.2) && ends !== undefined) {
      const before = ends.logStartOffset + random.below(ends.highWatermark - ends.logStartOffset + 1)
      await topic.deleteRecords(partition, { before })
    }
    if (random.chance(0.4)) await under.services.source.keepUp()
    if (random.chance(0.5)) await this.#commit(partition)
  }

  async #append(): Promise<void> {
    const { random } = this
    const records = Array.from({ length: 1 + random.below(6) }, (): RecordInput => {
      const n = this.#records++
      const key = Buffer.from(`k${random.below(5)}`)
      return { timestamp: n, key, value: random.chance(0.1) ? null : Buffer.from(`v${n}`), headers: [["n", null]] }
    })
    const codec = random.pick(["none", "gzip", "lz4", "zstd"])
    const batch =
      codec === "none"
        ? encodeBatch({ records }, codecs.crc32c)
        : await encodeCompressedBatch({ records }, codec, codecs)
    const partition = random.below(PARTITIONS)
    const [ends] = await this.under.source.log.topic("log").offsets({ partition })
    await this.under.source.append({ topic: "log", partition }, batch, ends?.highWatermark ?? 0)
  }

  /** Only forward, as a consumer does. */
  async #commit(partition: number): Promise<void> {
    const { source } = this.under
    const [ends] = await source.log.topic("log").offsets({ partition })
    const present = await source.log
      .group("readers")
      .committed()
      .catch(() => [])
    const from = present.find((each) => each.partition === partition)?.offset ?? 0
    const offset = from + this.random.below((ends?.highWatermark ?? from) - from + 1)
    await source.log.group("readers").commit([{ topic: "log", partition, offset }])
  }

  disturb(copier: CopyUnderTest): void {
    const { random } = this
    const dies = random.chance(0.5) ? random.below(60) : Number.POSITIVE_INFINITY
    let requests = 0
    for (const end of [copier.source, copier.target]) {
      end.network.inject(() => {
        if (requests++ > dies) return { kind: "refused" }
        return random.chance(0.15) ? random.pick(faults) : { kind: "none" }
      })
    }
  }

  async copyDisturbed(): Promise<void> {
    const copiers = this.random.chance(0.3) ? [this.under, await this.under.another()] : [this.under]
    for (const copier of copiers) this.disturb(copier)
    const outcomes = await Promise.allSettled(
      copiers.map((copier) => copier.copy({ gatherBytes: this.random.pick([0, 500, 100_000]) })),
    )
    for (const { source, target } of copiers) {
      for (const { network } of [source, target]) {
        network.inject(() => ({ kind: "none" }))
        await network.deliverLate("all")
      }
    }
    for (const outcome of outcomes) {
      if (outcome.status === "fulfilled" || !(outcome.reason instanceof Failure)) continue
      // Nobody can tell any more whose the last records are that a copy wrote before it died: then it has to begin anew.
      if (!/the source no longer has/.test(outcome.reason.message)) throw outcome.reason
      await this.under.target.log.topics.delete("log").catch(() => undefined)
    }
  }

  async check(): Promise<void> {
    const { source, target } = this.under
    await this.under.copy({ verify: true })
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const mine = (await contentOf(source, "log", partition)) as Copied[]
      const copied = (await contentOf(target, "log", partition)) as Copied[]
      const numbers = copied.map(({ timestamp }) => timestamp)
      expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b))
      if (!this.isCompacted) expect(copied.slice(copied.length - mine.length)).toEqual(mine)
      const known = new Set(copied.map((each) => JSON.stringify({ ...each, offset: 0 })))
      expect(mine.filter((each) => !known.has(JSON.stringify({ ...each, offset: 0 })))).toEqual([])
      await this.#checkGroup(partition, mine, copied)
    }
  }

  /** It goes on before the first record of the source that it has not read, and before nothing that it has. */
  async #checkGroup(partition: number, mine: readonly Copied[], copied: readonly Copied[]): Promise<void> {
    const { source, target } = this.under
    const [at, copiedAt] = await Promise.all(
      [source, target].map(async ({ log }) =>
        (
          await log
            .group("readers")
            .committed()
            .catch(() => [])
        ).find((each) => each.partition === partition),
      ),
    )
    if (at === undefined) return
    const unread = mine.filter(({ offset }) => offset >= at.offset).map(({ timestamp }) => timestamp)
    const left = copied.filter(({ offset }) => offset >= (copiedAt?.offset ?? 0)).map(({ timestamp }) => timestamp)
    expect(unread.filter((n) => !left.includes(n))).toEqual([])
    const read = mine.filter(({ offset }) => offset < at.offset).map(({ timestamp }) => timestamp)
    expect(read.filter((n) => left.includes(n))).toEqual([])
  }
}

it(`has every record once, whatever happens on the way (STRATALOG_SEED=${first})`, { timeout: 600_000 }, async () => {
  let compacted = 0
  const seeds = Array.from({ length: RUNS }, (_, run) => first + run)
  for (const seed of [...FOUND, ...seeds]) {
    const under = await CopyUnderTest.open()
    try {
      const history = new History(new Random(seed), under)
      await history.begin()
      for (let round = 0; round < 5; round++) {
        await history.grow()
        await history.copyDisturbed()
      }
      await history.check()
      if (history.isCompacted) compacted++
    } catch (error) {
      throw new Error(`seed ${seed}`, { cause: error })
    } finally {
      await under.close()
    }
  }
  if (RUNS > 7) expect(compacted).toBeGreaterThan(0)
})
