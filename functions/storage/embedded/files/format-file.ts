/**
 * The file `format` of a data directory: the format of all that lies in it. A directory without one is of format 1, as the
 * first versions wrote none. A version that changes what is stored writes the file first, so that none before it opens the rest.
 */
import { join } from "node:path"
import { type Format, formatMark, NewerFormat, newerFormat, readFormatMark } from "../../../log/newer-format.ts"
import type { FileLayer } from "./file-layer.ts"
import { ifThere } from "./if-there.ts"
import { writeFully } from "./write-fully.ts"

const DATA_FORMAT: Format = { number: 1, since: "0.1.0" }

const FILE = "format"
const UNFINISHED = "format.unfinished"
const LONGEST_BYTES = 64

/** The directory's own mark; undefined where it has none. Throws `NewerFormat` where this version does not know the format. */
export async function checkFormat(layer: FileLayer, directory: string): Promise<Format | undefined> {
  const path = join(directory, FILE)
  const text = await readText(layer, path)
  if (text === undefined) return undefined
  const found = readFormatMark(text)
  if (found === undefined) {
    throw new NewerFormat(
      `${path} names no format that this version of Stratalog knows: install a later one, or restore the file from a backup.`,
    )
  }
  if (found.number > DATA_FORMAT.number) {
    throw newerFormat(`The data directory ${directory}`, DATA_FORMAT.number, found)
  }
  return found
}

/** Marks the directory with this version's format, durably and in one step. */
export async function markFormat(layer: FileLayer, directory: string): Promise<void> {
  const unfinished = join(directory, UNFINISHED)
  await ifThere(layer.remove(unfinished))
  const file = await layer.open(unfinished, "create")
  try {
    await writeFully(file, [{ position: 0, bytes: new TextEncoder().encode(`${formatMark(DATA_FORMAT)}\n`) }])
    await file.sync("format")
  } finally {
    await file.close()
  }
  await layer.rename(unfinished, join(directory, FILE))
  await layer.syncDirectory(directory, "format")
}

async function readText(layer: FileLayer, path: string): Promise<string | undefined> {
  const file = await ifThere(layer.open(path, "read"))
  if (file === undefined) return undefined
  try {
    const bytes = new Uint8Array(LONGEST_BYTES)
    return new TextDecoder().decode(bytes.subarray(0, await file.read(bytes, 0)))
  } finally {
    await file.close()
  }
}
