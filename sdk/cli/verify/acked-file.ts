/** What a verifiable producer said was acknowledged: the lines of its output that are successes. */
import { createReadStream } from "node:fs"
import { inputFailure } from "../failure.ts"
import { linesOf } from "../produce/lines.ts"

export interface Acked {
  readonly topic: string
  readonly partition: number
  /** Null: the log knew the batch as a duplicate, but not where it lies. */
  readonly offset: number | null
  readonly key: string | null
  readonly value: string | null
}

/** Lines of other kinds are passed over; one that is no JSON is refused, as something is wrong with the file. */
export async function* readAckedFile(path: string): AsyncGenerator<Acked> {
  try {
    for await (const { number, bytes } of linesOf(createReadStream(path))) {
      const text = Buffer.from(bytes).toString()
      if (text.trim() === "") continue
      const acked = parseAcked(text)
      if (acked === "bad") throw inputFailure(`${path} line ${number} is no line of a verifiable producer.`)
      if (acked !== undefined) yield acked
    }
  } catch (error) {
    if (!(error instanceof Error && "syscall" in error)) throw error
    throw inputFailure(`Cannot read ${path}: ${error.message}`, { cause: error })
  }
}

/** Undefined: a line that acknowledges nothing. */
export function parseAcked(line: string): Acked | undefined | "bad" {
  let parsed: unknown
  try {
    parsed = JSON.parse(line)
  } catch {
    return "bad"
  }
  if (typeof parsed !== "object" || parsed === null) return "bad"
  const { name, topic, partition, offset, key = null, value } = { ...parsed } as Readonly<Record<string, unknown>>
  if (name !== "producer_send_success") return undefined
  const isPlace = typeof topic === "string" && typeof partition === "number"
  if (!isPlace || !(offset === null || typeof offset === "number") || !isText(key) || !isText(value)) return "bad"
  return { topic, partition, offset, key, value }
}

function isText(value: unknown): value is string | null {
  return value === null || typeof value === "string"
}
