/**
 * Offset commits on the embedded storage: a transaction each, against those of one turn of the event loop together.
 * Each client commits one partition after the other, as a request of its own.
 *
 *     node --conditions=source test/bench/group-commit.ts [seconds]
 */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { monitorEventLoopDelay, performance } from "node:perf_hooks"
import { setImmediate as nextTurn } from "node:timers/promises"
import { openDatabase } from "../../functions/storage/embedded/sqlite/database.ts"
import { GroupCommit } from "../../functions/storage/embedded/sqlite/group-commit.ts"
import { createGroupOffsets } from "../../functions/storage/embedded/sqlite/group-offsets.ts"

type Mode = "each" | "together"

const seconds = Number(process.argv[2] ?? 3)

async function measure(mode: Mode, clients: number): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "stratalog-bench-"))
  const database = openDatabase(join(directory, "index.db"))
  const groupCommit = new GroupCommit(database)
  const groups = createGroupOffsets(database, groupCommit)
  const delay = monitorEventLoopDelay({ resolution: 1 })
  const until = performance.now() + seconds * 1_000
  let commits = 0

  async function client(number: number): Promise<void> {
    const partition = { topicId: "b8f7a1de-0000-4000-8000-000000000001", partition: number % 16 }
    for (let offset = 0; performance.now() < until; offset += 1) {
      const answer = groups.commit(`group-${number}`, [
        { partition, topic: "orders", offset, metadata: "", committedAt: Date.now() },
      ])
      if (mode === "each") groupCommit.flush()
      const outcome = await answer
      if (outcome.kind !== "committed") throw new Error(`not committed: ${outcome.kind}`)
      commits += 1
      await nextTurn()
    }
  }

  delay.enable()
  await Promise.all(Array.from({ length: clients }, (_, number) => client(number)))
  delay.disable()
  database.close()
  rmSync(directory, { recursive: true })
  const [p99, max] = [delay.percentile(99), delay.max].map((nanoseconds) => (nanoseconds / 1e6).toFixed(1))
  const rate = Math.round(commits / seconds).toLocaleString("en")
  console.log(
    `${mode.padEnd(8)} ${clients} clients: ${rate} commits/s, event loop late by ${p99} ms (p99), ${max} ms (max)`,
  )
}

for (const clients of [1, 10, 100, 1_000]) {
  await measure("each", clients)
  await measure("together", clients)
}
