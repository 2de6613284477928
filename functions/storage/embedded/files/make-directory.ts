import { dirname, resolve } from "node:path"
import type { FileLayer } from "./file-layer.ts"

/**
 * Makes a directory and those above it, and makes their entries durable.
 * Each directory is an entry of the one above it. Those that exist may have been made by a process that died before it
 * synced them, so all are synced; only where this process made none, one that it may not open is passed over.
 */
export async function makeDurableDirectory(layer: FileLayer, directory: string): Promise<void> {
  const made = await layer.makeDirectory(directory)
  let isNew = made !== undefined
  for (let path = resolve(directory); path !== dirname(path); path = dirname(path)) {
    try {
      await layer.syncDirectory(dirname(path), "data_directory")
    } catch (error) {
      if (isNew) throw error
    }
    if (path === made) isNew = false
  }
}
