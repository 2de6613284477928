/** A process that is killed while it writes: the file is whole, and what was acknowledged is there. */
import { spawn } from "node:child_process"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { fileURLToPath } from "node:url"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { openSqliteStores } from "../../functions/storage/embedded/sqlite/index.ts"
import type { Acknowledged } from "./embedded-sqlite-writer.ts"
import { stateOf } from "./group-states.ts"

const ROUNDS = 20
const WRITER = fileURLToPath(new URL("./embedded-sqlite-writer.ts", import.meta.url))

describe("the embedded database file, when its process is killed", () => {
  let directory: string
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "stratalog-sqlite-"))
  })
  afterEach(() => rm(directory, { recursive: true }))

  it("is whole and holds what was acknowledged, 20 times over", { timeout: 240_000 }, async () => {
    const path = join(directory, "index.db")
    const offsets = new Map<string, number>()
    const claims = new Map<string, number>()
    const states = new Map<string, number>()
    const topics = new Set<string>()
    const producers = new Set<number>()
    for (let round = 0; round < ROUNDS; round += 1) {
      const acknowledged = await writeUntilKilled(path, round)
      for (const each of acknowledged) {
        if (each.kind === "offset") offsets.set(each.group, each.offset)
        if (each.kind === "claimed") claims.set(each.group, each.epoch)
        if (each.kind === "state") states.set(each.group, each.epoch)
        if (each.kind === "created") topics.add(each.topic)
        if (each.kind === "deleted") topics.delete(each.topic)
        if (each.kind !== "producer") continue
        expect(producers.has(each.id), `producer id ${each.id} was given twice`).toBe(false)
        producers.add(each.id)
      }
      await verify(path, offsets, topics)
      await verifyMembers(path, claims, states)
    }
    expect([...states.values()].every((epoch) => epoch > ROUNDS)).toBe(true)
    expect(claims.size).toBe(states.size)
    expect(producers.size).toBeGreaterThan(ROUNDS)
    expect(topics.size).toBeGreaterThan(ROUNDS)
  })
})

async function verify(path: string, offsets: ReadonlyMap<string, number>, topics: Set<string>): Promise<void> {
  const stores = openSqliteStores({ path })
  for (const [group, offset] of offsets) {
    const read = await stores.groups.read(group)
    const found = read.kind === "offsets" ? read.offsets.map((each) => each.offset) : []
    // One commit of three partitions; the last may have been made and not been acknowledged.
    expect(new Set(found).size, `${group} has half a commit: ${found}`).toBe(1)
    expect(found[0], group).toBeGreaterThanOrEqual(offset)
  }
  const missing = [...topics].filter((topic) => stores.topics.get(topic) === undefined)
  // The last deletion may have been made and not been acknowledged.
  const last = [...topics].at(-1)
  if (last !== undefined && stores.topics.get(last) === undefined) topics.delete(last)
  expect(missing.filter((topic) => topic !== last)).toEqual([])
  stores.close()
  const database = new DatabaseSync(path)
  expect(database.prepare("PRAGMA integrity_check").get()).toEqual({ integrity_check: "ok" })
  database.close()
}

async function verifyMembers(
  path: string,
  claims: ReadonlyMap<string, number>,
  states: ReadonlyMap<string, number>,
): Promise<void> {
  const { groups, close } = openSqliteStores({ path })
  for (const [group, epoch] of claims) {
    const targets = [0, 1, 2].map((partition) => ({ partition: { topicId: "orders-id", partition }, topic: "orders" }))
    const outcome = await groups.claim(group, targets, epoch - 1)
    const owners = outcome.kind === "claims" ? outcome.claims.map((each) => each.kind === "fenced" && each.epoch) : []
    expect(new Set(owners).size, `${group} has half a claim: ${owners}`).toBe(1)
    expect(owners[0], group).toBeGreaterThanOrEqual(epoch)
  }
  for (const [group, epoch] of states) {
    const { state, seen } = { state: undefined, seen: new Map(), ...(await groups.members(group)) }
    const found = state?.epoch ?? 0
    // The last change may have been made and not been acknowledged.
    expect([epoch, epoch + 1], group).toContain(found)
    expect(state).toEqual(stateOf(found, `m${found}`))
    expect([...seen.keys()]).toEqual([`m${found}`])
  }
  close()
}

/** Kills the writer after as many lines as the round says, each round at another point of its work. */
async function writeUntilKilled(path: string, round: number): Promise<readonly Acknowledged[]> {
  const writer = spawn(process.execPath, ["--conditions=source", WRITER, path, `${round}`], {
    stdio: ["ignore", "pipe", "inherit"],
  })
  const wanted = 20 + 37 * round
  let output = ""
  writer.stdout.setEncoding("utf8")
  for await (const chunk of writer.stdout) {
    output += chunk
    if (output.split("\n").length > wanted) writer.kill("SIGKILL")
  }
  const lines = output.split("\n").slice(0, -1)
  expect(lines.length, "the writer ended by itself").toBeGreaterThanOrEqual(wanted)
  return lines.map((line): Acknowledged => JSON.parse(line))
}
