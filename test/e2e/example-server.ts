/** A server for an example's processes, and what a test looks at afterwards. */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type ConsumerRecord, Stratalog, type Topic } from "stratalog"
import { type ServerOptions, startServer } from "stratalog-server"
import { ExampleProcesses } from "./example-process.ts"

export interface ExampleServer extends AsyncDisposable {
  readonly url: string
  readonly log: Stratalog
  /** The processes run in it. */
  readonly directory: string
  readonly processes: ExampleProcesses
}

export async function startExampleServer(
  options: Pick<ServerOptions, "upkeepIntervalMs"> = {},
): Promise<ExampleServer> {
  const directory = await mkdtemp(join(tmpdir(), "stratalog-example-"))
  const server = await startServer({ ...options, dataDir: join(directory, "data"), port: 0 })
  const processes = new ExampleProcesses(directory)
  return {
    url: server.url,
    log: new Stratalog({ url: server.url }),
    directory,
    processes,
    [Symbol.asyncDispose]: async () => {
      await processes[Symbol.asyncDispose]()
      await server.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** Everything in the topic, each partition in its order. */
export async function recordsOf<K, V>(topic: Pick<Topic<K, V>, "read">): Promise<ConsumerRecord<K, V>[]> {
  const records: ConsumerRecord<K, V>[] = []
  for await (const record of topic.read()) records.push(record)
  return records
}
