/** Finds the journal's files, decides which of them count and where they end, and rebuilds the partitions from them. */
import type { Crc32c } from "stratalog/record-batch"
import type { FileLayer, OpenFile } from "../files/index.ts"
import { JournalOpenError } from "./events.ts"
import { FRAME_TYPES } from "./frame.ts"
import { decodeFileStart, type FileStart } from "./heads.ts"
import { type JournalFile, type JournalFiles, parseName } from "./journal-files.ts"
import type { ActiveFile } from "./new-file.ts"
import { ContradictionError, type Replay } from "./replay.ts"
import { scanFrames, searchRemainder } from "./scan.ts"
import { decodeSidecar, type SidecarRow } from "./sidecar.ts"

export interface RecoverRequest {
  readonly layer: FileLayer
  readonly files: JournalFiles
  readonly crc32c: Crc32c
  readonly replay: Replay
}

export interface Recovered {
  readonly active: ActiveFile
  readonly file: JournalFile
  readonly truncatedBytes: number
}

interface Started {
  readonly start: FileStart
  readonly nonce: number
}

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

interface OlderFile {
  readonly number: number
  /** Where it ends, as the file after it says; `undefined` where that one was removed. */
  readonly end: number | undefined
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
  const record: JournalFile = { number: newest.number, end: snapshotEnd, live: 0, sealed: false }
  files.add(record)
  const { size, truncatedBytes } = await replayNewest(request, newest, record)
  replay.finish()
  // Everything is known to be whole: from here on the directory may be changed.
  if (record.end < size) await newest.file.truncate(record.end)
  await removeAll(layer, obsolete)
  // A process that was killed may have shown readers what only the page cache held: durable before anybody sees it again.
  await newest.file.sync("recovery")
  await layer.syncDirectory(files.directory, "recovery")
  const active = { number: newest.number, nonce: newest.nonce, file: newest.file, end: snapshotEnd }
  return { active, file: record, truncatedBytes }
}

async function replayOlder(request: RecoverRequest, { number, end }: OlderFile, hasSidecar: boolean): Promise<void> {
  const { layer, files, crc32c, replay } = request
  const file = await layer.open(files.path(number), "read")
  try {
    const size = await file.size()
    const sidecar = hasSidecar
      ? decodeSidecar(await readWhole(layer, files.sidecarPath(number)), number, crc32c)
      : undefined
    const record: JournalFile = { number, end: end ?? sidecar?.end ?? size, live: 0, sealed: sidecar !== undefined }
    if (size < record.end) throw damaged(files.path(number), size)
    files.add(record)
    if (sidecar !== undefined) {
      for (const row of sidecar.rows) replay.sealedBatch(record, row)
      return
    }
    const scan = { file, fileNumber: number, crc32c, from: 0, to: record.end, checkBatches: false }
    const stopped = await scanFrames(scan, ({ header }) => {
      if (header.type !== FRAME_TYPES.batch) return
      const row: SidecarRow = { ...header, size: header.payloadBytes, fileNumber: number }
      replay.sealedBatch(record, row)
    })
    if (stopped !== record.end) throw damaged(files.path(number), stopped)
  } finally {
    await file.close()
  }
}

/** Replays the newest file up to where it ends; answers its size, and how many bytes behind a crash left unfinished. */
async function replayNewest(
  { files, crc32c, replay }: RecoverRequest,
  { file, number, nonce }: { readonly file: OpenFile; readonly number: number; readonly nonce: number },
  record: JournalFile,
): Promise<{ readonly size: number; readonly truncatedBytes: number }> {
  const size = await file.size()
  const scan = { file, fileNumber: number, nonce, crc32c, from: record.end, to: size, checkBatches: true }
  record.end = await scanFrames(scan, (frame) => replay.frame(record, frame))
  const { hasBytes, syncedUpTo } = await searchRemainder(file, number, nonce, record.end, crc32c)
  if (syncedUpTo > record.end) throw damaged(files.path(number), record.end)
  return { size, truncatedBytes: hasBytes ? size - record.end : 0 }
}

async function removeAll(layer: FileLayer, paths: readonly string[]): Promise<void> {
  for (const path of paths) await layer.remove(path)
}

async function readWhole(layer: FileLayer, path: string): Promise<Uint8Array> {
  const file = await layer.open(path, "read")
  try {
    const bytes = new Uint8Array(await file.size())
    return bytes.subarray(0, await file.read(bytes, 0))
  } finally {
    await file.close()
  }
}

function damaged(path: string, position: number): JournalOpenError {
  return new JournalOpenError(
    "corrupt",
    `${path} is damaged at byte ${position}, in records that were acknowledged. Restore the file from a backup. ` +
      `To give up the records from there on instead, remove the files after it and cut it to ${position} bytes.`,
  )
}
