import { readdir, stat } from "node:fs/promises"
import { join } from "node:path"
import { counted } from "../format/counted.ts"
import { openEntries } from "../inspect/data-directory.ts"
import { Progress } from "../progress.ts"
import type { Session } from "../session.ts"
import { type Finding, fail, ok } from "./finding.ts"

interface Damage {
  readonly file: string
  readonly position: number
  readonly reason: string
  /** It is no frame, and nothing follows it in its file. */
  readonly isTail: boolean
}

/** Reads every frame. `running`: a server writes at its end meanwhile. */
export async function checkJournal(session: Session, directory: string, running: boolean): Promise<readonly Finding[]> {
  const check = "journal"
  using progress = new Progress(session, { total: await journalBytes(directory), unit: "bytes" })
  const damages: Damage[] = []
  let [files, frames, bytes, fileBytes, lastFile] = [0, 0, 0, 0, ""]
  for await (const entry of await openEntries(directory, { records: false })) {
    session.stop.throwIfAborted()
    if (entry.kind === "file") {
      files++
      lastFile = entry.file
      fileBytes = entry.sizeInBytes
      continue
    }
    bytes += entry.sizeInBytes
    progress.update(bytes)
    const { file, position = 0 } = entry
    if (entry.kind === "frame") {
      frames++
      if (!entry.crcOk) damages.push({ file, position, reason: "The checksum is wrong.", isTail: false })
    } else if (entry.kind === "unreadable") {
      const isTail = position + entry.sizeInBytes >= fileBytes
      damages.push({ file, position, reason: entry.reason ?? "", isTail })
    }
  }
  if (files === 0) return [fail(check, "There is no journal file.", "Restore the directory from a backup.")]
  const read = `${counted(files, "file")} with ${frames} frames`
  const [first] = damages
  if (first === undefined) return [ok(check, `${read} are whole.`)]
  const where = `${join(directory, "journal", first.file)} at byte ${first.position}: ${first.reason}`
  // What the journal's end may look like after a crash, or while it is written.
  if (damages.length === 1 && first.file === lastFile && first.isTail) {
    const why = running ? "a write is under way" : "a write was cut short, and the next start takes it back"
    return [ok(check, `${read} are whole; at the end ${why}.`)]
  }
  return [
    fail(
      check,
      `${damages.length} places of ${read} are damaged. ${where}`,
      "Take a copy of the directory first. Look for a failing disk, and restore the file from a backup; " +
        `\`strata inspect ${directory}\` shows every place, and what can be read around it.`,
    ),
  ]
}

async function journalBytes(directory: string): Promise<number> {
  const journal = join(directory, "journal")
  const names = (await readdir(journal)).filter((name) => name.endsWith(".journal"))
  // A running server may remove a file meanwhile: this is for the progress only.
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(journal, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}
