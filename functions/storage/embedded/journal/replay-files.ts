/** Reads the journal's files into a replay. */
import type { Crc32c } from "stratalog/record-batch"
import type { FileLayer, OpenFile } from "../files/index.ts"
import { JournalOpenError } from "./events.ts"
import { FRAME_TYPES } from "./frame.ts"
import type { JournalFile, JournalFiles } from "./journal-files.ts"
import type { Replay } from "./replay.ts"
import { scanFrames, searchRemainder } from "./scan.ts"
import { decodeSidecar, type SidecarRow } from "./sidecar.ts"

export interface RecoverRequest {
  readonly layer: FileLayer
  readonly files: JournalFiles
  readonly crc32c: Crc32c
  readonly replay: Replay
}

export interface OlderFile {
  readonly number: number
  /** Where it ends, as the file after it says; `undefined` where that one was removed. */
  readonly end: number | undefined
}

/** How the newest file was found. */
export interface NewestFile {
  readonly size: number
  /** Below here the file is known to be durable. */
  readonly provenUpTo: number
  /** Bytes behind its end that a crash left unfinished. */
  readonly truncatedBytes: number
}

/** Takes a file that nobody writes to any more from its sidecar, or else from its frames. */
export async function replayOlder(
  request: RecoverRequest,
  { number, end }: OlderFile,
  hasSidecar: boolean,
): Promise<void> {
  const { layer, files, crc32c, replay } = request
  const file = await layer.open(files.path(number), "read")
  try {
    const size = await file.size()
    const bytes = hasSidecar ? await readWhole(layer, files.sidecarPath(number)) : new Uint8Array(0)
    const sidecar = decodeSidecar(bytes, number, crc32c)
    const ends = end ?? sidecar?.end ?? size
    const record: JournalFile = { number, end: ends, live: 0, liveBytes: 0, sealed: sidecar !== undefined }
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

/** Replays the newest file from `record.end`, and moves that to where the file ends. Changes nothing on the disk. */
export async function replayNewest(
  { files, crc32c, replay }: RecoverRequest,
  { file, number, nonce }: { readonly file: OpenFile; readonly number: number; readonly nonce: number },
  record: JournalFile,
): Promise<NewestFile> {
  const size = await file.size()
  let provenUpTo = 0
  const scan = { file, fileNumber: number, nonce, crc32c, from: record.end, to: size, checkBatches: true }
  record.end = await scanFrames(scan, (frame) => {
    replay.frame(record, frame)
    provenUpTo = Math.max(provenUpTo, frame.header.syncedUpTo)
  })
  const { hasBytes, syncedUpTo } = await searchRemainder(file, number, nonce, record.end, crc32c)
  if (syncedUpTo > record.end) throw damaged(files.path(number), record.end)
  return { size, provenUpTo, truncatedBytes: hasBytes ? size - record.end : 0 }
}

export function damaged(path: string, position: number): JournalOpenError {
  return new JournalOpenError(
    "corrupt",
    `${path} is damaged at byte ${position}, in records that were acknowledged. Restore the file from a backup. ` +
      `To give up the records from there on instead, remove the files after it and cut it to ${position} bytes.`,
  )
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
