/** The file of kafka-delete-records: which partition begins where. */
import { readFile } from "node:fs/promises"
import { inputFailure } from "../failure.ts"

export interface NewLogStart {
  readonly topic: string
  readonly partition: number
  /** The first offset that is kept; `latest`: what is there now goes. */
  readonly before: number | "latest"
}

const FORM = 'It looks like {"partitions":[{"topic":"orders","partition":0,"offset":1000}],"version":1}.'

/** Kafka's number for the high watermark. */
const HIGH_WATERMARK = -1

/** Throws a sentence where the file cannot be read or does not say what it should. */
export async function readOffsetJsonFile(path: string): Promise<readonly NewLogStart[]> {
  let parsed: unknown
  try {
    parsed = JSON.parse(await readFile(path, "utf8"))
  } catch (error) {
    throw inputFailure(`Cannot read ${path}: ${error instanceof Error ? error.message : error}`, { cause: error })
  }
  const refuse = (what: string) => inputFailure(`${path}: ${what}. ${FORM}`)
  const { version = 1, partitions } = fieldsOf(parsed)
  if (version !== 1) throw refuse(`version ${JSON.stringify(version)} is not known`)
  if (!Array.isArray(partitions) || partitions.length === 0) throw refuse("it names no partitions")
  const starts = partitions.map((entry: unknown, index) => {
    const start = newLogStart(entry)
    if (start === undefined) throw refuse(`entry ${index + 1} of partitions is not right: ${JSON.stringify(entry)}`)
    return start
  })
  const twice = starts.find((start, index) => starts.findIndex((other) => isSamePlace(start, other)) < index)
  if (twice !== undefined) throw refuse(`${twice.topic}:${twice.partition} stands there twice`)
  return starts
}

function newLogStart(entry: unknown): NewLogStart | undefined {
  const { topic, partition, offset } = fieldsOf(entry)
  if (typeof topic !== "string" || !isInteger(partition, 0) || !isInteger(offset, HIGH_WATERMARK)) return undefined
  return { topic, partition, before: offset === HIGH_WATERMARK ? "latest" : offset }
}

function isSamePlace(a: NewLogStart, b: NewLogStart): boolean {
  return a.topic === b.topic && a.partition === b.partition
}

function isInteger(value: unknown, least: number): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= least
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {}
}
