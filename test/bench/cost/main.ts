/**
 * `npm run cost`: what the log asks of DynamoDB and S3, counted below the retries of their clients, and what that costs by
 * the price table. `--only NAME,NAME` runs some, `--scale N` that many times as much, `--json FILE` keeps the figures.
 */
import { writeFileSync } from "node:fs"
import { parseArgs } from "node:util"
import { contentions, contentionTable } from "./contention-table.ts"
import { isReached, type Measured, renderLine, renderReport } from "./report.ts"
import { openStage, type Stage, startEndpoints } from "./stage.ts"
import { batches } from "./workloads/batches.ts"
import { busyPolls, heartbeats, idlePolls, rebalances } from "./workloads/groups.ts"
import { idle } from "./workloads/idle.ts"
import { reads } from "./workloads/reads.ts"
import { coalesced, separate, sequential, wholeLife } from "./workloads/small-appends.ts"
import { upkeepAtRest } from "./workloads/upkeep.ts"
import { look } from "./workloads/watch.ts"

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    scale: { type: "string", default: "1" },
    json: { type: "string" },
  },
})
const scale = Number(values.scale)
const KiB = 1024
const many = (count: number) => Math.max(64, Math.round(count * scale))
const few = (count: number) => Math.max(8, Math.round(count * scale))

type Workload = (stage: Stage) => Promise<readonly Measured[]>

/** A batch of one record, header and all. */
const ofBytes = (bytes: number) => ({ records: 1, recordBytes: bytes - 75 })

const workloads: Readonly<Record<string, Workload>> = {
  sequential: async (stage) => [
    await sequential(stage, many(1_000), false),
    await sequential(stage, many(1_000), true),
  ],
  coalesced: async (stage) => [
    await coalesced(stage, many(6_400), "cost"),
    await coalesced(stage, many(6_400), "latency"),
  ],
  separate: async (stage) => [await separate(stage, many(640), 8), await separate(stage, many(640), 64)],
  life: async (stage) => [await wholeLife(stage, many(1_000))],
  batches: async (stage) => [
    await batches(stage, "1 KiB", ofBytes(KiB), few(400)),
    await batches(stage, "4 KiB", ofBytes(4 * KiB), few(400)),
    await batches(stage, "64 KiB", ofBytes(64 * KiB), few(200)),
    await batches(stage, "64 KiB", { ...ofBytes(64 * KiB), placement: "latency" }, few(100)),
    await batches(stage, "1 MiB", ofBytes(KiB * KiB), few(64), 0.01),
  ],
  reads: async (stage) => [...(await reads(stage, 100, 20)), ...(await reads(stage, 1_000_000, 20))],
  groups: async (stage) => [
    await heartbeats(stage, { members: 8, partitions: 64 }, few(8)),
    await idlePolls(stage, { members: 8, partitions: 8 }, few(8)),
    await idlePolls(stage, { members: 8, partitions: 64 }, few(8)),
    await busyPolls(stage, { members: 8, partitions: 8 }, few(8)),
    await busyPolls(stage, { members: 8, partitions: 32 }, few(8)),
    await busyPolls(stage, { members: 8, partitions: 64 }, few(8)),
    await rebalances(stage, { members: 8, partitions: 64 }, few(8)),
  ],
  upkeep: async (stage) => [
    await upkeepAtRest(stage, { partitions: 64, sweep: false }),
    await upkeepAtRest(stage, { partitions: 64, sweep: true }),
  ],
  watch: async (stage) => [await look(stage, { topics: 10, partitions: 8, groups: 5 })],
  idle: async (stage) => [await idle(stage, 10)],
}

const wanted = values.only?.split(",")
const wants = (name: string) => wanted === undefined || wanted.includes(name)
const unknown = wanted?.filter((name) => name !== "contention" && workloads[name] === undefined) ?? []
if (unknown.length > 0) throw new Error(`No workload ${unknown.join(", ")}: ${Object.keys(workloads)}, contention`)

const measured = await measureAll()
const contended = wants("contention") ? await contentions(20 * scale, progress) : []
if (measured.length > 0) process.stdout.write(`${renderReport(measured)}\n`)
if (contended.length > 0) process.stdout.write(`\n${contentionTable(contended)}\n`)
if (values.json !== undefined) writeFileSync(values.json, jsonOf())
process.exitCode = measured.every(({ bars }) => bars.every(isReached)) ? 0 : 1

async function measureAll(): Promise<readonly Measured[]> {
  const chosen = Object.entries(workloads).filter(([name]) => wants(name))
  if (chosen.length === 0) return []
  const endpoints = await startEndpoints()
  if ("detail" in endpoints) throw new Error(`No DynamoDB Local: ${endpoints.detail}`)
  const stage = await openStage(endpoints)
  const all: Measured[] = []
  try {
    for (const [name, workload] of chosen) {
      progress(`${name} ...`)
      for (const each of await workload(stage)) {
        all.push(each)
        progress(renderLine(each))
      }
    }
  } finally {
    stage.close()
    await endpoints.stop()
  }
  return all
}

function progress(text: string): void {
  process.stderr.write(`${text}\n`)
}

function jsonOf(): string {
  const plain = measured.map((each) => ({ ...each, usage: { ...each.usage, requests: [...each.usage.requests] } }))
  return `${JSON.stringify({ measured: plain, contended }, null, 2)}\n`
}
