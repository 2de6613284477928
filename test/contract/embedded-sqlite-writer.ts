/**
 * The process that test/contract/embedded-sqlite-crash.test.ts kills: writes without end, and says on standard output
 * what was acknowledged, a line each. Arguments: the database file, the number of the round.
 */
import { writeSync } from "node:fs"
import { openSqliteStores } from "../../functions/storage/embedded/sqlite/index.ts"

export type Acknowledged =
  | { readonly kind: "offset"; readonly group: string; readonly offset: number }
  | { readonly kind: "producer"; readonly id: number }
  | { readonly kind: "created" | "deleted"; readonly topic: string }

const GROUPS = 5
const STEPS_A_ROUND = 1_000_000
const [path = "", round = "0"] = process.argv.slice(2)
const { topics, groups, producers } = openSqliteStores({ path })

/** Written to the pipe when this returns: a kill cannot take it back. */
function acknowledge(line: Acknowledged): void {
  writeSync(1, `${JSON.stringify(line)}\n`)
}

async function commit(group: string, offset: number): Promise<void> {
  const partitions = [0, 1, 2].map((partition) => ({ topicId: "orders-id", partition }))
  const commits = partitions.map((partition) => ({ partition, topic: "orders", offset, metadata: "", committedAt: 0 }))
  const outcome = await groups.commit(group, commits)
  if (outcome.kind === "committed") acknowledge({ kind: "offset", group, offset })
}

async function allocate(): Promise<void> {
  const outcome = await producers.allocate()
  if (outcome.kind === "allocated") acknowledge({ kind: "producer", id: outcome.id })
}

async function changeTopics(step: number): Promise<void> {
  const topic = `topic-${round}-${step}`
  const created = await topics.create({ name: topic, id: topic, partitions: 1, config: {}, createdAt: 0, version: 1 })
  if (created.kind === "created") acknowledge({ kind: "created", topic })
  if (step % 2 === 0) return
  const deleted = await topics.delete(topic, topic)
  if (deleted.kind === "deleted") acknowledge({ kind: "deleted", topic })
}

for (let step = 0; ; step += 1) {
  const offset = Number(round) * STEPS_A_ROUND + step
  const commits = Array.from({ length: GROUPS }, (_, group) => commit(`group-${group}`, offset))
  await Promise.all([...commits, allocate(), changeTopics(step)])
}
