/** What a workload asks of AWS, by the second: of producing, of fetching, and of moving the log into segments. */
import type { AppendModel } from "./append-model.ts"
import { dynamoDbPlacementLimits as limits } from "./placement-limits.ts"
import { readUnits, writeUnits } from "./units.ts"
import type { Workload } from "./workload.ts"

/** Quantities a second. */
export interface Rates {
  readonly functionCalls: number
  readonly functionMs: number
  /** As the HTTP API counts them; nothing behind a function URL. */
  readonly httpApiRequests: number
  readonly writeUnits: number
  readonly readUnits: number
  readonly puts: number
  readonly gets: number
}

/** How long the function runs for its own work, a call of DynamoDB, a PUT, a GET, and a LIST; milliseconds. */
export const WORK_MS = 5
export const DYNAMODB_MS = 5
const PUT_MS = 100
const GET_MS = 30
export const LIST_MS = 50

const HTTP_API_REQUEST_BYTES = 512 * 1024
/** What an answer of a Lambda function carries of records at most: 6 MB hold them in base64. */
const ANSWER_BYTES = 4 * 1024 ** 2

/** What the function gets through while it makes a segment, and the write units of the index about one. */
const TIERED_BYTES_PER_MS = 30 * 1024
const SEGMENT_UNITS = 4
/** To plan a segment, to make it, and to delete what it replaces. */
const PAGE_READS = 3

export function ratesOf(workload: Workload, append: AppendModel): Rates {
  return add(add(producing(workload, append), fetching(workload, append)), tiering(workload, append))
}

function producing({ frontDoor }: Workload, { kind, perSecond, bytes, ...append }: AppendModel): Rates {
  const itemBytes = bytes + limits.itemOverheadBytes
  const placingMs = { inline: 0, item: DYNAMODB_MS, object: PUT_MS }[kind]
  return {
    functionCalls: perSecond,
    functionMs: perSecond * (WORK_MS + placingMs + DYNAMODB_MS),
    httpApiRequests: frontDoor === "http-api" ? perSecond * Math.ceil(bytes / HTTP_API_REQUEST_BYTES) : 0,
    writeUnits: perSecond * (append.tailUnits + (kind === "item" ? 2 * writeUnits(itemBytes) : 0)),
    readUnits: 0,
    puts: kind === "object" ? perSecond : 0,
    gets: 0,
  }
}

function fetching(workload: Workload, append: AppendModel): Rates {
  const bytesPerSecond = append.perSecond * append.bytes
  const fetches = workload.consumers * Math.max(workload.fetchesPerSecond, bytesPerSecond / ANSWER_BYTES)
  if (fetches === 0) return NOTHING
  const batches = workload.consumers * append.perSecond
  const perFetch = batches / fetches
  // Of few batches most are still in the tail, which came with the head.
  const pagesPerFetch = Math.min(1, perFetch / append.entriesPerRoll)
  const pageUnits = readUnits(
    append.shape.pageBytes + Math.max(perFetch, append.entriesPerRoll) * append.shape.entryBytes,
  )
  const headUnits = readUnits(append.shape.headBytes + append.entriesPerRoll * append.shape.entryBytes)
  const gets = append.kind === "object" ? batches : 0
  const answerBytes = perFetch * append.bytes
  return {
    functionCalls: fetches,
    functionMs: fetches * (WORK_MS + DYNAMODB_MS * (1 + pagesPerFetch) + workload.waitMs + (gets > 0 ? GET_MS : 0)),
    httpApiRequests:
      workload.frontDoor === "http-api" ? fetches * Math.max(1, Math.ceil(answerBytes / HTTP_API_REQUEST_BYTES)) : 0,
    writeUnits: 0,
    readUnits: fetches * (headUnits + pagesPerFetch * pageUnits) + batches * itemReadUnits(append),
    puts: 0,
    gets,
  }
}

/** Everything is read once more, and written into segments. */
function tiering(workload: Workload, append: AppendModel): Rates {
  const bytesPerSecond = append.perSecond * append.bytes
  const segments = bytesPerSecond === 0 ? 0 : workload.partitions / secondsPerSegment(workload, append)
  return {
    functionCalls: segments,
    functionMs: bytesPerSecond / TIERED_BYTES_PER_MS,
    httpApiRequests: 0,
    writeUnits: segments * SEGMENT_UNITS,
    readUnits: append.perSecond * ((PAGE_READS * append.shape.entryBytes) / 4096 + itemReadUnits(append)),
    puts: segments,
    gets: append.kind === "object" ? append.perSecond : 0,
  }
}

const SEGMENT_BYTES = 32 * 1024 ** 2
const LONGEST_SECONDS = 6 * 3600

/** From one segment of a partition to the next: it is full, or its oldest records are that old. */
export function secondsPerSegment(workload: Workload, append: AppendModel): number {
  const bytesPerSecond = (append.perSecond * append.bytes) / workload.partitions
  return Math.min(LONGEST_SECONDS, SEGMENT_BYTES / bytesPerSecond)
}

function itemReadUnits(append: AppendModel): number {
  return append.kind === "item" ? readUnits(append.bytes + limits.itemOverheadBytes) : 0
}

const NOTHING: Rates = {
  functionCalls: 0,
  functionMs: 0,
  httpApiRequests: 0,
  writeUnits: 0,
  readUnits: 0,
  puts: 0,
  gets: 0,
}

function add(one: Rates, other: Rates): Rates {
  return {
    functionCalls: one.functionCalls + other.functionCalls,
    functionMs: one.functionMs + other.functionMs,
    httpApiRequests: one.httpApiRequests + other.httpApiRequests,
    writeUnits: one.writeUnits + other.writeUnits,
    readUnits: one.readUnits + other.readUnits,
    puts: one.puts + other.puts,
    gets: one.gets + other.gets,
  }
}
