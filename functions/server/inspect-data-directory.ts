import { existsSync } from "node:fs"
import { join } from "node:path"
import { nativeCodecs } from "../codecs/native-codecs.ts"
import { type InspectedEntry, inspectJournal } from "../storage/embedded/journal/inspect.ts"

export type DataDirectoryEntry = InspectedEntry

/**
 * Every frame of the journal in a data directory (or in the journal's own directory), in order, and every stretch of
 * bytes that is none. Reads only, also beside a running server. With `batches`, the record batches are handed out too.
 */
export function inspectDataDirectory(
  directory: string,
  { batches = false }: { readonly batches?: boolean } = {},
): AsyncGenerator<DataDirectoryEntry> {
  const inside = join(directory, "journal")
  return inspectJournal(existsSync(inside) ? inside : directory, { crc32c: nativeCodecs().crc32c, batches })
}
