/**
 * The process that test/contract/embedded-sqlite-crash.test.ts kills: writes without end, and says on standard output
 * what was acknowledged, a line each. Arguments: the database file, the number of the round.
 */
import { writeSync } from "node:fs"
import { openSqliteStores } from "../../functions/storage/embedded/sqlite/index.ts"
import { stateOf } from "./group-states.ts"

export type Acknowledged =
  | { readonly kind: "offset"; readonly group: string; readonly offset: number }
  | { readonly kind: "producer"; readonly id: number }
  | { readonly kind: "created" | "deleted"; readonly topic: string }
  | { readonly kind: "claimed" | "state"; readonly group: string; readonly epoch: number }

const GROUPS = 5
const targets = [0, 1, 2].map((partition) => ({ partition: { topicId: "orders-id", partition }, topic: "orders" }))
const STEPS_A_ROUND = 1_000_000
const [path = "", round = "0"] = process.argv.slice(2)
const { topics, groups, producers } = openSqliteStores({ path })

/** Written to the pipe when this returns: a kill cannot take it back. */
function acknowledge(line: Acknowledged): void {
  writeSync(1, `${JSON.stringify(line)}\n`)
}

async function commit(group: string, offset: number): Promise<void> {
  const commits = targets.map((target) => ({ ...target, offset, metadata: "", committedAt: 0 }))
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

async function claim(group: string, epoch: number): Promise<void> {
  const outcome = await groups.claim(group, targets, epoch)
  const isWhole = outcome.kind === "claims" && outcome.claims.every(({ kind }) => kind === "claimed")
  if (isWhole) acknowledge({ kind: "claimed", group, epoch })
}

/** Each state has one member, named by its epoch, that joined in the place of the one before. */
async function changeMembers(group: string): Promise<void> {
  const found = await groups.members(group)
  const expected = found.kind === "members" ? (found.state?.epoch ?? 0) : 0
  const next = stateOf(expected + 1, `m${expected + 1}`)
  const touched = await groups.touch(group, `m${next.epoch}`, { at: 0 })
  const number = touched.kind === "touched" ? touched.number : 0
  const by = { memberId: `m${next.epoch}`, number }
  const outcome = await groups.replaceMembers(group, { expected, next, by, gone: [`m${expected}`] })
  if (outcome.kind === "replaced") acknowledge({ kind: "state", group, epoch: next.epoch })
}

for (let step = 0; ; step += 1) {
  const offset = Number(round) * STEPS_A_ROUND + step
  const ofGroups = Array.from({ length: GROUPS }, (_, index) => {
    const group = `group-${index}`
    return [commit(group, offset), claim(group, offset + 1), changeMembers(group)]
  })
  await Promise.all([...ofGroups.flat(), allocate(), changeTopics(step)])
}
