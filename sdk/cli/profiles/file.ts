/** The file of profiles: read only where it is its owner's alone, and written whole or not at all. */
import {
  closeSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from "node:fs"
import { dirname, isAbsolute, join } from "node:path"
import { inputFailure, usageFailure } from "../failure.ts"
import type { Env } from "../io.ts"
import { directoryFault, fileFault } from "./ownership.ts"
import { type Profiles, parseProfiles, profilesText } from "./profile.ts"

const MOST_BYTES = 1024 ** 2

/** `$XDG_CONFIG_HOME/stratalog/profiles.json`, by default in `~/.config`. */
export function profilesPath(env: Env): string {
  const home = env["HOME"] || env["USERPROFILE"]
  const given = env["XDG_CONFIG_HOME"] ?? ""
  // One that depends on the working directory counts for nothing, as the specification has it.
  const config = isAbsolute(given) ? given : home && join(home, ".config")
  if (!config) throw usageFailure("There is no place for profiles: neither XDG_CONFIG_HOME nor HOME is set.")
  return join(config, "stratalog", "profiles.json")
}

/** None where there is no file. */
export function readProfiles(path: string): Profiles {
  const text = readOwn(path)
  if (text === undefined) return new Map()
  const parsed = parseProfiles(text)
  if (parsed.kind === "wrong") throw inputFailure(`${path} cannot be used: ${parsed.detail}.`)
  return parsed.profiles
}

/**
 * Readable by its owner alone from the first byte on; a crash leaves the old file. Of two at once one is refused, and
 * nothing that the other wrote is lost.
 */
export function changeProfiles(path: string, change: (before: Profiles) => Profiles): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  // A link stays one, where somebody keeps the file elsewhere.
  const target = targetOf(path)
  const draft = `${target}.draft`
  const file = openDraft(draft)
  try {
    try {
      writeFileSync(file, profilesText(change(readProfiles(path))))
      fsyncSync(file)
      renameSync(draft, target)
    } finally {
      closeSync(file)
    }
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  }
}

/** While it is there nobody else writes. */
function openDraft(path: string): number {
  try {
    return openSync(path, "wx", 0o600)
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error
    throw inputFailure(`Another command is writing profiles, or ended in the middle of it: then remove ${path}.`)
  }
}

/** Undefined where there is none. Fails where others can read it or put another one in its place. */
function readOwn(path: string): string | undefined {
  // Looked at first, as opening a pipe would wait.
  const seen = factsOf(path)
  if (seen === undefined) return undefined
  if (!seen.isFile()) throw inputFailure(`${path} is no file.`)
  const file = openSync(path, "r")
  try {
    // Of what was opened, as the name may lead elsewhere by now.
    const facts = fstatSync(file)
    refuseWhatOthersReach(path, facts)
    if (facts.size > MOST_BYTES) throw inputFailure(`${path} is too large for a file of profiles.`)
    // Some editors put a byte order mark before what they save.
    return readFileSync(file, "utf8").replace(/^\uFEFF/, "")
  } finally {
    closeSync(file)
  }
}

/** Windows has no such modes: there it is what the directory allows. */
function refuseWhatOthersReach(path: string, facts: Stats): void {
  const user = process.getuid?.()
  if (user === undefined) return
  const fault = fileFault(facts, user)
  if (fault !== undefined) {
    throw inputFailure(
      `${path} may have keys in it and ${fault}: it is not used. chmod 600 '${path}'; then change the keys.`,
    )
  }
  const directory = dirname(targetOf(path))
  const around = directoryFault(statSync(directory), user)
  if (around !== undefined) throw inputFailure(`${path} is not used, as its directory ${directory} ${around}.`)
}

function factsOf(path: string): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false })
}

function targetOf(path: string): string {
  return factsOf(path) === undefined ? path : realpathSync(path)
}
