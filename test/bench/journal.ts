/**
 * How fast the journal is beside the plainest durable write on the same disk: `node --conditions=source
 * test/bench/journal.ts [directory]`. Each line is a rate, and its ratio to writing and syncing blocks of the same size
 * one by one.
 */
import * as fs from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { crc32c } from "@node-rs/crc32"
import { encodeBatch } from "stratalog/record-batch"
import { type JournalLog, type JournalOptions, openJournal } from "../../functions/storage/embedded/journal/index.ts"

const TOPIC = "00000000-0000-4000-8000-000000000001"
/** Batches below here are copied by the journal anyway, so they may be the same bytes each time. */
const COPIED_BYTES = 16 * 1024
const PREPARED_BYTES = 512 * 1024 * 1024
const root = fs.mkdtempSync(join(process.argv[2] ?? tmpdir(), "journal-bench-"))

function batchOf(bytes: number): Uint8Array {
  const frame = encodeBatch({ records: [{ timestamp: 1, key: null, value: new Uint8Array(0) }] }, crc32c).length
  const value = new Uint8Array(Math.max(0, bytes - frame - (bytes > 200 ? 3 : 0)))
  return encodeBatch({ records: [{ timestamp: 1, key: null, value }] }, crc32c)
}

interface Measured {
  readonly rate: number
  readonly cpuMicroseconds: number
}

async function measure(count: number, run: () => void | Promise<void>): Promise<Measured> {
  const cpu = process.cpuUsage()
  const started = performance.now()
  await run()
  const seconds = (performance.now() - started) / 1000
  const used = process.cpuUsage(cpu)
  return { rate: count / seconds, cpuMicroseconds: (used.user + used.system) / count }
}

async function baseline(bytes: number, count: number): Promise<Measured> {
  const path = join(root, "baseline")
  const fd = fs.openSync(path, "w")
  const block = Buffer.alloc(bytes, 1)
  const measured = await measure(count, () => {
    for (let index = 0; index < count; index++) {
      fs.writeSync(fd, block)
      fs.fdatasyncSync(fd)
    }
  })
  fs.closeSync(fd)
  fs.rmSync(path)
  return measured
}

async function appenders(
  log: JournalLog,
  batches: readonly Uint8Array[],
  parallel: number,
  count: number,
): Promise<void> {
  let left = count
  const one = async (): Promise<void> => {
    while (left-- > 0) {
      const bytes = batches[left % batches.length] ?? new Uint8Array(0)
      const entry = { batch: bytes.length < COPIED_BYTES ? bytes.slice() : bytes, recordCount: 1, maxTimestamp: 1 }
      const [outcome] = await log.append({ topicId: TOPIC, partition: 0 }, [entry])
      if (outcome?.kind !== "appended") throw new Error(JSON.stringify(outcome))
    }
  }
  await Promise.all(Array.from({ length: parallel }, one))
}

async function withLog(options: Partial<JournalOptions>, use: (log: JournalLog) => Promise<void>): Promise<void> {
  const directory = join(root, "log")
  const log = await openJournal({ directory, crc32c, ...options })
  await log.createPartitions(TOPIC, 1)
  await use(log)
  await log.close()
  fs.rmSync(directory, { recursive: true, force: true })
}

/** Three rounds of each, in turn: the best of both are compared, as others use the machine too. */
async function appendRatios(
  bytes: number,
  parallel: number,
  count: number,
  what = "",
  options: Partial<JournalOptions> = {},
): Promise<void> {
  // A server has read a big batch into memory of its own by the time it appends it: that is not part of the figure.
  const different = bytes < COPIED_BYTES ? 1 : Math.min(count, Math.floor(PREPARED_BYTES / bytes))
  const batches = Array.from({ length: different }, () => batchOf(bytes))
  const bases: Measured[] = []
  const appends: Measured[] = []
  for (let round = 0; round < 3; round++) {
    bases.push(await baseline(bytes, Math.min(count, 3000)))
    await withLog(options, async (log) => {
      await appenders(log, batches, parallel, Math.min(200, count))
      appends.push(await measure(count, () => appenders(log, batches, parallel, count)))
    })
  }
  const best = (all: readonly Measured[]): number => Math.max(...all.map(({ rate }) => rate))
  const cpu = Math.min(...appends.map(({ cpuMicroseconds }) => cpuMicroseconds))
  console.log(
    `${`${bytes} B, ${parallel} in flight${what}`.padEnd(54)} ${best(appends).toFixed(0).padStart(8)}/s` +
      `  x${(best(appends) / best(bases)).toFixed(2)} of ${best(bases).toFixed(0)}/s  ${cpu.toFixed(1)} us CPU`,
  )
}

async function catchUp(bytes: number, total: number): Promise<void> {
  await withLog({ cacheBytes: 0 }, async (log) => {
    const count = Math.floor(total / bytes)
    await appenders(
      log,
      Array.from({ length: bytes < COPIED_BYTES ? 1 : count }, () => batchOf(bytes)),
      256,
      count,
    )
    const started = performance.now()
    let read = 0
    for (let offset = 0; offset < count; ) {
      const outcome = await log.read({ topicId: TOPIC, partition: 0 }, { offset, maxBytes: 1024 * 1024 })
      if (outcome.kind !== "batches") throw new Error(JSON.stringify(outcome))
      for (const batch of outcome.batches) read += batch.bytes.length
      offset += outcome.batches.length
    }
    const rate = read / ((performance.now() - started) / 1000) / 1e9
    console.log(`read of ${bytes} B batches by 1 MiB from the page cache`.padEnd(52), `${rate.toFixed(2)} GB/s`)
  })
}

try {
  await appendRatios(170, 1, 4000)
  await appendRatios(170, 1, 4000, ", no room laid out ahead", { layAheadBytes: 0 })
  // A clock by which every sync is slow: none is waited for on the event loop's thread.
  let time = 0
  await appendRatios(170, 1, 4000, ", by the thread pool", { now: () => (time += 50) })
  await appendRatios(170, 64, 100_000)
  await appendRatios(170, 1000, 200_000)
  await appendRatios(100 * 1024, 8, 3000)
  await appendRatios(1024 * 1024, 8, 500)
  for (const bytes of [300, 4096, 100 * 1024]) await catchUp(bytes, 256 * 1024 * 1024)
} finally {
  fs.rmSync(root, { recursive: true, force: true })
}
