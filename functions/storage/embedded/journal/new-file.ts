import type { Crc32c } from "stratalog/record-batch"
import { type FileLayer, type OpenFile, writeFully } from "../files/index.ts"
import { controlFrame, FRAME_TYPES } from "./frame.ts"
import { encodeFileStart, encodeHeads, type PartitionHead } from "./heads.ts"
import type { JournalFiles } from "./journal-files.ts"
import { FrameMemory, frameBytes, layOut } from "./layout.ts"

/** The file that is being written. */
export interface ActiveFile {
  readonly number: number
  readonly nonce: number
  readonly file: OpenFile
  /** Where its first group goes: behind the snapshot. */
  readonly end: number
}

export interface NewFileRequest {
  readonly layer: FileLayer
  readonly files: JournalFiles
  readonly crc32c: Crc32c
  readonly number: number
  readonly nonce: number
  /** The file before it and where that one ends; 0 and 0 for the first. */
  readonly previous: number
  readonly previousEnd: number
  readonly heads: Iterable<PartitionHead & { readonly topicIdBytes: Uint8Array }>
}

/**
 * Makes a journal file that starts with the heads of all partitions. It is durable, its directory entry included, when
 * this answers: only then may anything be committed into it. Leaves nothing behind where it fails, if it can.
 */
export async function createJournalFile(request: NewFileRequest): Promise<ActiveFile> {
  const { layer, files, number, nonce } = request
  const path = files.path(number)
  const file = await layer.open(path, "create")
  try {
    const { pieces, end } = firstPieces(request)
    await writeFully(file, pieces)
    await file.sync("new_file")
    await layer.syncDirectory(files.directory, "new_file")
    return { number, nonce, file, end }
  } catch (error) {
    await file.close().catch(() => undefined)
    await layer.remove(path).catch(() => undefined)
    throw error
  }
}

function firstPieces(request: NewFileRequest): { pieces: ReturnType<typeof layOut>; end: number } {
  const { number, nonce, previous, previousEnd, crc32c } = request
  const heads = encodeHeads(request.heads)
  const start = (snapshotEnd: number) =>
    controlFrame(FRAME_TYPES.fileStart, { payload: encodeFileStart({ previous, previousEnd, snapshotEnd }) })
  const end = [start(0), ...heads].reduce((sum, frame) => sum + frameBytes(frame), 0)
  const place = { fileNumber: number, nonce, syncedUpTo: 0 }
  return { pieces: layOut([start(end), ...heads], new FrameMemory(), place, 0, crc32c), end }
}
