/** The product's server with one bug put in from outside: the torture has to find it and name it. */
import { parseArgs } from "node:util"
import type { AppendOutcome, PartitionLog, PartitionRef } from "../../functions/log/ports.ts"
import { type ServerOptions, startServer } from "../../functions/server/serve-embedded.ts"
import { type FileLayer, nodeFiles, type OpenFile } from "../../functions/storage/embedded/files/index.ts"
import { acceptTornTail, dropLastBatch } from "./journal-damage.ts"

const { values } = parseArgs({
  options: {
    bug: { type: "string" },
    port: { type: "string", default: "0" },
    "data-dir": { type: "string" },
    "journal-file-bytes": { type: "string", default: "65536" },
  },
})
const dataDir = values["data-dir"]
if (dataDir === undefined) throw new Error("--data-dir is missing")

/** Writes that are acknowledged wait so long before they are made, milliseconds. */
const LATE_MS = 40

/** Says that bytes are written and durable while they still wait in memory, as a disk with a lying cache does. */
function lateFile(file: OpenFile): OpenFile {
  let writing: Promise<unknown> = Promise.resolve()
  const later = (buffers: readonly Uint8Array[], position: number): number => {
    const bytes = Buffer.concat(buffers)
    writing = writing
      .then(() => new Promise((resolve) => setTimeout(resolve, LATE_MS)))
      .then(() => file.write([bytes], position))
    return bytes.length
  }
  const behind = async <T>(use: () => Promise<T>): Promise<T> => {
    await writing
    return use()
  }
  return {
    ...file,
    write: (buffers, position) => Promise.resolve(later(buffers, position)),
    writeNow: later,
    datasync: () => Promise.resolve(),
    datasyncNow: () => undefined,
    sync: () => Promise.resolve(),
    read: (into, position) => behind(() => file.read(into, position)),
    truncate: (length) => behind(() => file.truncate(length)),
    size: () => behind(() => file.size()),
    close: () => behind(() => file.close()),
  }
}

const lateFiles: FileLayer = { ...nodeFiles, open: async (path, mode) => lateFile(await nodeFiles.open(path, mode)) }

/** Answers the first append to a partition that has records with an offset that one of them has. */
function givingOffsetsTwice(log: PartitionLog): PartitionLog {
  const given = new Set<string>()
  const again = (partition: PartitionRef, outcome: AppendOutcome): AppendOutcome => {
    const key = `${partition.topicId}/${partition.partition}`
    if (outcome.kind !== "appended" || given.has(key)) return outcome
    given.add(key)
    return outcome.baseOffset === 0 ? outcome : { ...outcome, baseOffset: outcome.baseOffset - 1 }
  }
  return withAppend(log, async (partition, entries) => {
    const outcomes = await log.append(partition, entries)
    return outcomes.map((outcome) => again(partition, outcome))
  })
}

/** Appends what a producer sends again as if it had never been there. */
function forgettingProducers(log: PartitionLog): PartitionLog {
  return withAppend(log, (partition, entries) => {
    return log.append(
      partition,
      entries.map(({ producer: _, ...entry }) => entry),
    )
  })
}

function withAppend(log: PartitionLog, append: PartitionLog["append"]): PartitionLog {
  return {
    createPartitions: (topicId, count) => log.createPartitions(topicId, count),
    deletePartitions: (topicId) => log.deletePartitions(topicId),
    append,
    read: (partition, request) => log.read(partition, request),
    findByTimestamp: (partition, timestamp) => log.findByTimestamp(partition, timestamp),
    describe: (partition) => log.describe(partition),
    moveLogStart: (partition, before) => log.moveLogStart(partition, before),
    setFence: (partition, expected, next) => log.setFence(partition, expected, next),
    waitForChange: (watches, signal) => log.waitForChange(watches, signal),
  }
}

type Faulty = Pick<ServerOptions, "files" | "wrapLog">

const bugs: Readonly<Record<string, () => Promise<Faulty>>> = {
  "ack-before-write": async () => ({ files: lateFiles }),
  "offset-twice": async () => ({ wrapLog: givingOffsetsTwice }),
  "forget-producers": async () => ({ wrapLog: forgettingProducers }),
  "lose-last-batch": () => dropLastBatch(dataDir).then(() => ({})),
  "accept-torn-tail": () => acceptTornTail(dataDir).then(() => ({})),
}

const faulty = await bugs[values.bug ?? ""]?.()
if (faulty === undefined) throw new Error(`--bug is one of ${Object.keys(bugs).join(", ")}`)
const server = await startServer({
  dataDir,
  port: Number(values.port),
  journalFileBytes: Number(values["journal-file-bytes"]),
  ...faulty,
})
process.once("SIGTERM", () => void server.close().then(() => process.exit(0)))
process.stdout.write(`A server with a bug serves ${server.url}\n`)
