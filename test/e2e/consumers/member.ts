/** A member of a group as a process of its own: prints what happens to it, a line of JSON each. */
import { Stratalog } from "stratalog"
import type { Told } from "./told.ts"

const [url = "", topic = ""] = process.argv.slice(2)
const tell = (told: Told) => {
  process.stdout.write(`${JSON.stringify(told)}\n`)
}

const consumer = new Stratalog({ url }).consumer({
  group: topic,
  topics: [topic],
  sessionTimeoutMs: 2_000,
  autoCommitIntervalMs: 200,
  onAssigned: (partitions) => tell({ what: "assigned", partitions }),
  onRevoked: (partitions, { lost }) => tell({ what: lost ? "lost" : "revoked", partitions }),
})
process.once("SIGTERM", () => void consumer.close())
await consumer.run({
  concurrency: 2,
  eachRecord: async ({ key, value }) => {
    tell({ what: "record", key: String(key), value: Number(value) })
    await new Promise((resolve) => setTimeout(resolve, 1))
  },
})
