/** What can be seen of a data directory, also beside a running server: nothing is changed. */
import { constants } from "node:fs"
import { access, readdir, stat, statfs } from "node:fs/promises"
import { join } from "node:path"
import { counted } from "../format/counted.ts"
import { quantitiesFor } from "../format/quantities.ts"
import { openSegments } from "../inspect/segments.ts"
import { Progress } from "../progress.ts"
import { serverFunction } from "../server-package.ts"
import type { Session } from "../session.ts"
import { type Finding, fail, ok, warn } from "./finding.ts"
import { checkJournal } from "./journal-check.ts"

const GiB = 1024 ** 3
/** Below both the disk will be full before long. */
const FEW_FREE_BYTES = GiB
const FEW_FREE_SHARE = 0.05
/** Below this the server refuses appends any moment. */
const NO_FREE_BYTES = 64 * 1024 ** 2

const FROM_BACKUP = "Take a copy of the directory first. Restore it from a backup"

export async function* checkDirectory(session: Session, directory: string): AsyncGenerator<Finding> {
  const there = await thereFinding(directory)
  yield there
  if (there.status === "fail") return
  const facts = await storageFacts(directory)
  if (facts.laterFormat !== undefined) {
    yield fail("format", facts.laterFormat, "Let nothing older open the directory.")
    return
  }
  yield holderFinding(facts.holder)
  yield await spaceFinding(directory)
  yield* await fileSystemFindings(directory)
  yield* await checkJournal(session, directory, facts.holder !== undefined)
  yield databaseFinding(facts.database)
  if (facts.database.kind === "read") yield await segmentsFinding(session, directory)
  else yield warn("segments", "They cannot be checked without the database.", "Look at the database first.")
}

async function thereFinding(directory: string): Promise<Finding> {
  const check = "directory"
  const elsewhere = "Is it the server's --data-dir? A new one is made by `strata serve --data-dir <directory>`."
  try {
    if (!(await stat(directory)).isDirectory()) return fail(check, `${directory} is no directory.`, elsewhere)
    const names = await readdir(directory)
    const missing = ["journal", "stratalog.db"].filter((name) => !names.includes(name))
    if (missing.length > 0) return fail(check, `${directory} has no ${missing.join(" and no ")}.`, elsewhere)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return fail(check, `${directory} cannot be read: ${reason}`, elsewhere)
  }
  try {
    await access(directory, constants.R_OK | constants.W_OK)
    return ok(check, `${directory} is a data directory.`)
  } catch {
    const owner = "Run the server as the user who owns the directory, or give it to that user: chown -R."
    return warn(check, `${directory} cannot be written by this user.`, owner)
  }
}

/** As `inspectStorage` of stratalog-server gives it. */
interface StorageFacts {
  readonly laterFormat: string | undefined
  readonly holder: string | undefined
  readonly database:
    | {
        readonly kind: "read"
        readonly schemaVersion: number
        readonly knownVersion: number
        readonly problems: readonly string[]
        readonly topics: number
        readonly groups: number
      }
    | { readonly kind: "unreadable"; readonly detail: string }
}

async function storageFacts(directory: string): Promise<StorageFacts> {
  const inspect = await serverFunction("inspectStorage")
  const facts = await inspect(directory)
  if (isFacts(facts)) return facts
  throw new Error("stratalog-server gives no facts about a data directory")
}

/** The versions of both packages go together; the fields are not checked one by one. */
function isFacts(value: unknown): value is StorageFacts {
  return typeof value === "object" && value !== null && "database" in value
}

function holderFinding(holder: string | undefined): Finding {
  if (holder === undefined) return ok("lock", "No server works in it: one can be started.")
  return ok("lock", `Process ${holder} works in it; another server would be refused.`)
}

async function spaceFinding(directory: string): Promise<Finding> {
  const { bavail, blocks, bsize } = await statfs(directory)
  const [free, all] = [bavail * bsize, blocks * bsize]
  // A sentence, also where it is read from a pipe.
  const show = quantitiesFor(true)
  const detail = `${show.bytes(free)} of ${show.bytes(all)} are free.`
  const release =
    "Free space on the disk, or let go of old records: `strata delete-records`, or retention.ms and retention.bytes."
  if (free < NO_FREE_BYTES) return fail("disk", detail, release)
  if (free < FEW_FREE_BYTES && free < all * FEW_FREE_SHARE) return warn("disk", detail, release)
  return ok("disk", detail)
}

/** Linux' numbers of file systems (statfs(2)). */
const FILE_SYSTEMS: ReadonlyMap<number, readonly [name: string, problem: string]> = new Map([
  [0x6969, ["NFS", "locks and syncs are only as good as its server's"]],
  [0xff534d42, ["SMB", "locks and syncs are only as good as its server's"]],
  [0xfe534d42, ["SMB", "locks and syncs are only as good as its server's"]],
  [0x01021994, ["tmpfs", "it is memory, and is empty after a restart of the machine"]],
])

async function fileSystemFindings(directory: string): Promise<readonly Finding[]> {
  const found = FILE_SYSTEMS.get((await statfs(directory)).type)
  if (found === undefined) return []
  const [name, problem] = found
  return [warn("file system", `The directory lies on ${name}: ${problem}.`, "Put it on a local disk.")]
}

function databaseFinding(database: StorageFacts["database"]): Finding {
  const check = "database"
  if (database.kind === "unreadable")
    return fail(check, database.detail, `${FROM_BACKUP} if the server does not start.`)
  const { schemaVersion, knownVersion, problems, topics, groups } = database
  if (problems.length > 0) {
    const first = problems[0] ?? ""
    return fail(
      check,
      `stratalog.db is damaged: ${first}`,
      `${FROM_BACKUP}; \`sqlite3 stratalog.db .recover\` saves what can be.`,
    )
  }
  if (schemaVersion > knownVersion) {
    const newer = `stratalog.db has schema version ${schemaVersion}; this version knows up to ${knownVersion}.`
    return fail(check, newer, "Run the version that wrote it, or a newer one.")
  }
  const upgrade = schemaVersion < knownVersion ? " The next start brings it up to date." : ""
  return ok(
    check,
    `stratalog.db is whole: ${counted(topics, "topic")}, ${counted(groups, "group")} with offsets.${upgrade}`,
  )
}

async function segmentsFinding(session: Session, directory: string): Promise<Finding> {
  const check = "segments"
  using progress = new Progress(session, { total: undefined, unit: "bytes" })
  let [whole, unused, bytes] = [0, 0, 0]
  const bad: string[] = []
  for await (const { state, file, detail, sizeInBytes = 0 } of await openSegments(directory)) {
    session.stop.throwIfAborted()
    bytes += sizeInBytes
    progress.update(bytes)
    if (state === "whole") whole++
    else if (state === "unused") unused++
    else bad.push(`${join(directory, file)}: ${detail}`)
  }
  if (bad.length > 0) {
    const detail = `${bad.length} of ${whole + bad.length} segments are not right. ${bad[0]}`
    return fail(
      check,
      detail,
      `${FROM_BACKUP}: these offsets cannot be read. \`strata inspect ${directory}\` names all.`,
    )
  }
  const besides = unused === 0 ? "" : ` ${unused} files are of no segment; upkeep removes what is left over.`
  return ok(check, whole === 0 ? `There are none.${besides}` : `${whole} segments are whole.${besides}`)
}
