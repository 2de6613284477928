/** Finds the journal's files, decides which of them count and where they end, and rebuilds the partitions from them. */
import { type FileLayer, type OpenFile, writeFully } from "../files/index.ts"
import { JournalOpenError } from "./events.ts"
import { FRAME_TYPES } from "./frame.ts"
import { decodeFileStart, type FileStart } from "./heads.ts"
import { type JournalFile, parseName } from "./journal-files.ts"
import type { ActiveFile } from "./new-file.ts"
import { ContradictionError } from "./replay.ts"
import { damaged, type OlderFile, type RecoverRequest, replayNewest, replayOlder } from "./replay-files.ts"
import { scanFrames, searchRemainder } from "./scan.ts"

export interface Recovered {
  readonly active: ActiveFile
  readonly file: JournalFile
  readonly truncatedBytes: number
}

interface Started {
  readonly start: FileStart
  readonly nonce: number
}

const REWRITE_BYTES = 1024 * 1024

const START_SCAN = { checkBatches: true, from: 0 }

/**
 * `undefined` where no journal was begun here yet. Throws JournalOpenError `corrupt` where acknowledged records are
 * damaged or missing: they are never dropped silently.
 */
export async function recover(request: RecoverRequest): Promise<Recovered | undefined> {
  const { layer, files } = request
  const found = await findFiles(request)
  const newest = await findNewest(request, found)
  if (newest === undefined) {
    await removeAll(layer, found.obsolete)
    return undefined
  }
  const file = await layer.open(files.path(newest.number), "write")
  try {
    const older = await chainOf(request, found, newest)
    return await replayAll(request, { ...newest, file }, older, found)
  } catch (error) {
    await file.close()
    if (!(error instanceof ContradictionError)) throw error
    throw new JournalOpenError(
      "corrupt",
      `The journal in ${files.directory} contradicts itself: ${error.message}. Restore the directory from a backup.`,
      { cause: error },
    )
  }
}

interface Found {
  readonly numbers: number[]
  readonly sidecars: ReadonlySet<number>
  /** Leftovers of crashes and failed attempts, to be removed once the journal is known to be whole. */
  readonly obsolete: string[]
}

async function findFiles({ layer, files }: RecoverRequest): Promise<Found> {
  const numbers: number[] = []
  const sidecars = new Set<number>()
  for (const name of await layer.list(files.directory)) {
    const parsed = parseName(name)
    if (parsed?.kind === "journal") numbers.push(parsed.number)
    else if (parsed?.kind === "index") sidecars.add(parsed.number)
  }
  const obsolete = [...sidecars]
    .filter((number) => !numbers.includes(number))
    .map((number) => files.sidecarPath(number))
  return { numbers: numbers.sort((a, b) => a - b), sidecars, obsolete }
}

/** The last file whose start is whole; files after it were begun and never used. */
async function findNewest(
  request: RecoverRequest,
  { numbers, obsolete }: Found,
): Promise<(Started & { readonly number: number }) | undefined> {
  for (const number of numbers.toReversed()) {
    const started = await readStart(request, number, true)
    if (started !== undefined) return { ...started, number }
    obsolete.push(request.files.path(number))
  }
  return undefined
}

/**
 * The first frame of a file and, where asked for, its whole snapshot. `undefined` where they are not whole and nothing
 * was committed behind them.
 */
async function readStart(
  { layer, files, crc32c, replay }: RecoverRequest,
  number: number,
  withHeads: boolean,
): Promise<Started | undefined> {
  const path = files.path(number)
  const file = await layer.open(path, "read")
  try {
    const size = await file.size()
    let started: Started | undefined
    const first = { file, fileNumber: number, crc32c, ...START_SCAN }
    await scanFrames({ ...first, to: Math.min(size, 1024) }, ({ header, payload }) => {
      if (header.type === FRAME_TYPES.fileStart) started = { start: decodeFileStart(payload), nonce: header.nonce }
    })
    const heads: Uint8Array[] = []
    const to = Math.min(size, started?.start.snapshotEnd ?? 0)
    const end = await scanFrames({ ...first, to }, ({ header, payload }) => {
      if (header.type === FRAME_TYPES.snapshot && withHeads) heads.push(payload.slice())
    })
    if (started !== undefined && end === started.start.snapshotEnd) {
      for (const payload of heads) replay.heads(payload)
      return started
    }
    const { syncedUpTo } = await searchRemainder(file, number, started?.nonce, end, crc32c)
    if (syncedUpTo > end) throw damaged(path, end)
    return undefined
  } finally {
    await file.close()
  }
}

/** The files before the newest, oldest first. One that is not in their chain is of an attempt that failed. */
async function chainOf(
  request: RecoverRequest,
  { numbers, obsolete }: Found,
  newest: Started & { readonly number: number },
): Promise<OlderFile[]> {
  const { files } = request
  const chain: OlderFile[] = []
  let next: FileStart | undefined = newest.start
  for (const number of numbers.toReversed()) {
    if (number >= newest.number) continue
    if (next !== undefined && number > next.previous) {
      obsolete.push(files.path(number))
      continue
    }
    chain.push({ number, end: next?.previous === number ? next.previousEnd : undefined })
    next = (await readStart(request, number, false))?.start
    if (next === undefined) throw damaged(files.path(number), 0)
  }
  return chain.toReversed()
}

async function replayAll(
  request: RecoverRequest,
  newest: Started & { readonly number: number; readonly file: OpenFile },
  older: readonly OlderFile[],
  { sidecars, obsolete }: Found,
): Promise<Recovered> {
  const { files, replay, layer } = request
  for (const one of older) await replayOlder(request, one, sidecars.has(one.number))
  replay.endOfSealed()
  const { snapshotEnd } = newest.start
  const record: JournalFile = { number: newest.number, end: snapshotEnd, live: 0, liveBytes: 0, sealed: false }
  files.add(record)
  const { size, provenUpTo, truncatedBytes } = await replayNewest(request, newest, record)
  replay.finish()
  // Everything is known to be whole: from here on the directory may be changed.
  if (record.end < size) await newest.file.truncate(record.end)
  await removeAll(layer, obsolete)
  await rewrite(newest.file, provenUpTo, record.end)
  await newest.file.sync("recovery")
  await layer.syncDirectory(files.directory, "recovery")
  const active = { number: newest.number, nonce: newest.nonce, file: newest.file, end: snapshotEnd }
  return { active, file: record, truncatedBytes }
}

/**
 * What a killed process wrote may be in the page cache alone, and if its sync had failed, in pages that the kernel takes
 * for clean: then another sync would do nothing and succeed. Written again, a sync makes it durable before it is shown.
 */
async function rewrite(file: OpenFile, from: number, to: number): Promise<void> {
  const bytes = new Uint8Array(Math.min(to - from, REWRITE_BYTES))
  for (let position = from; position < to; position += bytes.length) {
    const part = bytes.subarray(0, Math.min(bytes.length, to - position))
    await file.read(part, position)
    await writeFully(file, [{ position, bytes: part }])
  }
}

async function removeAll(layer: FileLayer, paths: readonly string[]): Promise<void> {
  for (const path of paths) await layer.remove(path)
}
