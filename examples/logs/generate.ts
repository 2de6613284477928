/** Makes up log lines, for ever, and sends them with the service as key: the lines of a service stay in order. */
import type { Stratalog } from "stratalog"
import { paced } from "../program/paced.ts"
import { pick } from "../program/random.ts"
import { sendAll } from "../program/send-all.ts"
import { type Level, type Line, logLines } from "./lines.ts"

type Random = () => number

const SERVICES = ["gateway", "billing", "search", "login"] as const

/** What services say, at each level. */
const MESSAGES = {
  DEBUG: (random: Random) => `cache ${pick(["hit", "miss"], random)} for user ${upTo(500, random)}`,
  INFO: (random: Random) => `GET /items/${upTo(9000, random)} 200 in ${1 + upTo(80, random)} ms`,
  ERROR: (random: Random) => `${pick(["connection refused", "timed out", "deadlock"], random)} after 3 attempts`,
} satisfies Record<Level, (random: Random) => string>

/** Most lines say that all is well: one in twenty is an error, one in four is for debugging. */
export function* makeUpLines(lines: number, random: Random): Generator<Line> {
  for (let line = 0; line < lines; line++) {
    const dice = random()
    const level = dice < 0.05 ? "ERROR" : dice < 0.3 ? "DEBUG" : "INFO"
    yield { service: pick(SERVICES, random), level, message: MESSAGES[level](random) }
  }
}

function upTo(most: number, random: Random): number {
  return Math.floor(random() * most)
}

export interface GenerateOptions {
  /** How many; Infinity: until `signal` aborts. */
  readonly lines: number
  readonly perSecond: number
  readonly random: Random
  readonly signal: AbortSignal
}

/** Gives the number of lines that are durable. */
export async function generate(log: Stratalog, options: GenerateOptions): Promise<number> {
  let delivered = 0
  // Lines are small and alike: gathered for a moment and compressed, a hundred of them take one request and 2 KB.
  await using producer = logLines(log).producer({ lingerMs: 100, compressionType: "gzip" })
  await sendAll(producer, records(options), () => delivered++)
  return delivered
}

async function* records({ lines, perSecond, random, signal }: GenerateOptions) {
  for await (const line of paced(makeUpLines(lines, random), perSecond, signal)) {
    yield { key: line.service, value: line }
  }
}
