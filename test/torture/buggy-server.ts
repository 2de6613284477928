/** The product's server with one bug put in from outside: the torture has to find it and name it. */
import { parseArgs } from "node:util"
import { startServer } from "../../functions/server/serve.ts"
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

const bugs: Readonly<Record<string, () => Promise<FileLayer | undefined>>> = {
  "ack-before-write": async () => lateFiles,
  "offset-twice": () => dropLastBatch(dataDir).then(() => undefined),
  "accept-torn-tail": () => acceptTornTail(dataDir).then(() => undefined),
}

const files = await bugs[values.bug ?? ""]?.()
const server = await startServer({
  dataDir,
  port: Number(values.port),
  journalFileBytes: Number(values["journal-file-bytes"]),
  ...(files && { files }),
})
process.stdout.write(`A server with a bug serves ${server.url}\n`)
