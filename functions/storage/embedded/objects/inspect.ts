/** Looks at the files of objects, and changes none: also beside a running server. */
import { open, readdir } from "node:fs/promises"
import { join } from "node:path"
import type { Crc32c } from "stratalog/record-batch"
import { pathOf } from "./paths.ts"

/** The file of an object, as a path below the directory of all objects. */
export function objectFileOf(key: string): string {
  return pathOf("", key).file
}

/** The files of all objects, as `objectFileOf` names them. Files that are not whole yet are none. */
export async function listObjectFiles(root: string): Promise<readonly string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .filter((file) => !file.startsWith("~"))
    .sort()
}

const CHUNK_BYTES = 4 * 1024 * 1024

/** Size and checksum of a file, read piece by piece. */
export async function checksumOf(
  path: string,
  crc32c: Crc32c,
): Promise<{ readonly bytes: number; readonly crc32c: number }> {
  const file = await open(path, "r")
  try {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
    let crc = 0
    let bytes = 0
    for (;;) {
      const { bytesRead } = await file.read(chunk, 0, CHUNK_BYTES, bytes)
      if (bytesRead === 0) return { bytes, crc32c: crc }
      crc = crc32c(chunk.subarray(0, bytesRead), crc)
      bytes += bytesRead
    }
  } finally {
    await file.close()
  }
}
