/**
 * How fast the journal is beside the plainest durable write on the same disk: `node --conditions=source
 * test/bench/journal.ts [directory]`. Each line is a rate and its ratio to the baseline above it.
 */
import * as fs from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { crc32c } from "@node-rs/crc32"
import { encodeBatch } from "stratalog/record-batch"
import { type JournalLog, openJournal } from "../../functions/storage/embedded/journal/index.ts"

const TOPIC = "00000000-0000-4000-8000-000000000001"
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

async function measure(
  name: string,
  count: number,
  run: () => void | Promise<void>,
  base?: Measured,
): Promise<Measured> {
  const cpu = process.cpuUsage()
  const started = performance.now()
  await run()
  const seconds = (performance.now() - started) / 1000
  const used = process.cpuUsage(cpu)
  const measured = { rate: count / seconds, cpuMicroseconds: (used.user + used.system) / count }
  const ratio = base === undefined ? "" : `  x${(measured.rate / base.rate).toFixed(2)}`
  console.log(
    `${name.padEnd(52)} ${measured.rate.toFixed(0).padStart(9)}/s ${measured.cpuMicroseconds.toFixed(1).padStart(8)} us CPU${ratio}`,
  )
  return measured
}

function baseline(bytes: number, count: number): Promise<Measured> {
  const fd = fs.openSync(join(root, "baseline"), "w")
  const block = Buffer.alloc(bytes, 1)
  return measure(`write + fdatasync of ${bytes} B, one by one`, count, () => {
    for (let index = 0; index < count; index++) {
      fs.writeSync(fd, block)
      fs.fdatasyncSync(fd)
    }
  }).finally(() => fs.closeSync(fd))
}

async function appenders(log: JournalLog, batch: Uint8Array, parallel: number, count: number): Promise<void> {
  let left = count
  const one = async (): Promise<void> => {
    while (left-- > 0) {
      const [outcome] = await log.append({ topicId: TOPIC, partition: 0 }, [
        { batch: batch.slice(), recordCount: 1, maxTimestamp: 1 },
      ])
      if (outcome?.kind !== "appended") throw new Error(JSON.stringify(outcome))
    }
  }
  await Promise.all(Array.from({ length: parallel }, one))
}

async function withLog(name: string, use: (log: JournalLog) => Promise<void>, cacheBytes?: number): Promise<void> {
  const directory = join(root, name)
  const log = await openJournal({ directory, crc32c, ...(cacheBytes === undefined ? {} : { cacheBytes }) })
  await log.createPartitions(TOPIC, 1)
  await use(log)
  await log.close()
  fs.rmSync(directory, { recursive: true, force: true })
}

async function appendRatios(bytes: number, parallel: number, count: number): Promise<void> {
  const base = await baseline(bytes, Math.min(count, 3000))
  await withLog("appends", async (log) => {
    const batch = batchOf(bytes)
    await appenders(log, batch, parallel, Math.min(200, count))
    await measure(
      `append of ${bytes} B, ${parallel} in flight`,
      count,
      () => appenders(log, batch, parallel, count),
      base,
    )
  })
}

async function catchUp(bytes: number, total: number): Promise<void> {
  await withLog(
    "reads",
    async (log) => {
      const count = Math.floor(total / bytes)
      await appenders(log, batchOf(bytes), 256, count)
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
    },
    0,
  )
}

try {
  await appendRatios(170, 1, 4000)
  await appendRatios(170, 64, 100_000)
  await appendRatios(170, 1000, 200_000)
  await appendRatios(100 * 1024, 8, 3000)
  await appendRatios(1024 * 1024, 8, 500)
  for (const bytes of [300, 4096, 100 * 1024]) await catchUp(bytes, 256 * 1024 * 1024)
} finally {
  fs.rmSync(root, { recursive: true, force: true })
}
