/** Lets attacks loose on a server, several at a time, beside a caller that does nothing wrong. */
import { fork } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import { type RawConnection, rawConnection } from "../e2e/raw-connection.ts"
import type { Random } from "../torture/random.ts"
import { type Attack, attack } from "./attacks.ts"
import type { Bomb } from "./bombs.ts"
import type { Held, Told } from "./server.ts"

export interface FuzzedServer {
  readonly port: number
  readonly url: string
  readonly reported: readonly Readonly<Record<string, unknown>>[]
  /** What the process holds, after its garbage collector. */
  measure(): Promise<Held>
  stop(): Promise<void>
}

export async function startFuzzed(dataDir: string, leak = false): Promise<FuzzedServer> {
  const path = fileURLToPath(new URL("server.ts", import.meta.url))
  const child = fork(path, [dataDir, ...(leak ? ["leak"] : [])], {
    execArgv: ["--expose-gc", "--conditions=source"],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  })
  const reported: Readonly<Record<string, unknown>>[] = []
  child.on("message", (told: Told) => {
    if (told.kind === "reported") reported.push(told.event)
  })
  /** Messages may come several at once, which is too soon for a `once` after the first of them. */
  const next = <K extends Told["kind"]>(kind: K): Promise<Extract<Told, { kind: K }>> =>
    new Promise((resolve) => {
      const take = (told: Told) => {
        if (told.kind !== kind) return
        child.off("message", take)
        resolve(told as Extract<Told, { kind: K }>)
      }
      child.on("message", take)
    })
  const { port } = await next("ready")
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    reported,
    measure: async () => {
      child.send("measure")
      return (await next("held")).held
    },
    stop: async () => {
      const ended = once(child, "exit")
      child.kill()
      await ended
    },
  }
}

export interface Finding {
  readonly attack: string
  readonly found: string
}

/** At most so many milliseconds for an answer: what the server does not end by then is left to its timeouts. */
const PATIENCE_MS = 300

/** `count` attacks, `lanes` at a time. What a server may not answer is a finding. */
export async function letLoose(
  { port }: FuzzedServer,
  random: Random,
  bombs: readonly [Bomb, ...Bomb[]],
  { count, lanes }: { readonly count: number; readonly lanes: number },
): Promise<readonly Finding[]> {
  const findings: Finding[] = []
  const stalled: RawConnection[] = []
  let begun = 0
  const lane = async (choices: Random) => {
    while (begun++ < count) {
      const made = attack(choices, bombs)
      const answers = await carryOut(made, port, choices, stalled)
      const found = judge(answers)
      if (found !== undefined)
        findings.push({ attack: `${made.name}: ${JSON.stringify(String(made.pieces[0])).slice(0, 300)}`, found })
    }
  }
  await Promise.all(Array.from({ length: lanes }, (_, index) => lane(random.fork(`lane ${index}`))))
  for (const connection of stalled) connection.close()
  return findings
}

async function carryOut(made: Attack, port: number, random: Random, stalled: RawConnection[]): Promise<string> {
  const connection = await rawConnection(port).catch(() => undefined)
  if (connection === undefined) return ""
  if (made.behind === "stall") {
    connection.stopReading()
    stalled.push(connection)
    // Some stay until the server has had enough of them, or the end.
    if (stalled.length > 40) stalled.shift()?.close()
  }
  for (const piece of made.pieces) {
    connection.send(piece)
    if (random.chance(0.3)) await new Promise((resolve) => setImmediate(resolve))
  }
  if (made.behind === "leave") {
    if (random.chance(0.5)) await Promise.race([connection.ended(), patience(5)])
    connection.close()
  } else if (made.behind === "trickle") {
    for (let byte = 0; byte < 5; byte++) {
      connection.send("x")
      await patience(10)
    }
    connection.close()
  } else if (made.behind === "read") {
    await Promise.race([connection.ended(), connection.until(/\r\n\r\n[\s\S]/).catch(() => {}), patience(PATIENCE_MS)])
    connection.close()
  }
  return connection.received()
}

const patience = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

function judge(answers: string): string | undefined {
  if (answers !== "" && !/^HTTP\/1\.1 \d{3} /.test(answers)) return `no HTTP: ${answers.slice(0, 200)}`
  const [, status] = /(?:^|\r\n|\n|\})HTTP\/1\.1 (5\d\d) /.exec(answers) ?? []
  return status === undefined ? undefined : `${status}: ${answers.slice(-500)}`
}
