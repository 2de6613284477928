/** Objects in files on a simulated disk: puts and removals side by side, deaths and power losses between and within them. */

import type { ObjectStore } from "../../functions/segments/ports.ts"
import type { DirectorySyncPurpose, SyncPurpose } from "../../functions/storage/embedded/files/index.ts"
import { openObjectFiles } from "../../functions/storage/embedded/objects/index.ts"
import { Random } from "./random.ts"
import { PowerLostError, SimulatedDisk } from "./simulated-disk.ts"

export interface ObjectsRunOptions {
  readonly seed: number
  /** How often an operation of the disk fails. */
  readonly faults?: number
  readonly skipSync?: (purpose: SyncPurpose | DirectorySyncPurpose) => boolean
}

export interface ObjectsReport {
  stored: number
  removed: number
  /** Calls that failed, and did nothing. */
  refused: number
  /** Calls whose effect is unknown: the process died, or the disk failed late. */
  unknown: number
  crashes: number
}

const LIVES = 8
const DIRECTORY = "/data/objects"

/** What the store has to answer for a key from now on: the object, nothing, or either. */
type Expected = "present" | "absent" | "either"

/** Throws on a promise that was not kept. */
export async function runObjects({ seed, faults = 0, skipSync }: ObjectsRunOptions): Promise<ObjectsReport> {
  const random = new Random(seed)
  let failing = false
  const disk = new SimulatedDisk({
    random,
    fault: () => {
      if (!failing || !random.chance(faults)) return undefined
      return { code: random.pick(["ENOSPC", "EIO"]), short: random.chance(0.5) }
    },
    ...(skipSync && { skipSync }),
  })
  const report: ObjectsReport = { stored: 0, removed: 0, refused: 0, unknown: 0, crashes: 0 }
  const expected = new Map<string, Expected>()
  for (let life = 0; life < LIVES; life++) {
    failing = false
    const store = await openObjectFiles({ directory: DIRECTORY, files: disk.layer() })
    await check(store, expected)
    failing = true
    disk.dieAfter(random.below(400))
    await Promise.all(
      Array.from({ length: 4 }, (_, worker) => work(store, `${life}-${worker}`, random, expected, report)),
    )
    disk.restart()
    if (random.chance(0.7)) disk.losePower()
    report.crashes += 1
  }
  return report
}

/** One call after another on keys of its own, until the process dies. */
async function work(
  store: ObjectStore,
  name: string,
  random: Random,
  expected: Map<string, Expected>,
  report: ObjectsReport,
): Promise<void> {
  const own: string[] = []
  for (let count = 0; count < 20; count++) {
    const removal = own.length > 0 && random.chance(0.3)
    const key = removal ? (random.pick(own) ?? "") : `t/${random.below(6)}/${name}.${count}`
    if (!removal) own.push(key)
    const before = expected.get(key) ?? "absent"
    expected.set(key, "either")
    const effect = await attempt(() => (removal ? store.remove([key]) : store.put(key, partsOf(key))))
    if (effect === "died") {
      report.unknown += 1
      return
    }
    if (effect === "done") expected.set(key, removal ? "absent" : "present")
    if (effect === "none") expected.set(key, before)
    if (effect === "done") report[removal ? "removed" : "stored"] += 1
    else report[effect === "none" ? "refused" : "unknown"] += 1
  }
}

async function attempt(
  call: () => ReturnType<ObjectStore["put"] | ObjectStore["remove"]>,
): Promise<"done" | "none" | "unknown" | "died"> {
  try {
    const outcome = await call()
    return outcome.kind === "unavailable" ? outcome.sideEffects : "done"
  } catch (error) {
    if (error instanceof PowerLostError) return "died"
    throw error
  }
}

async function check(store: ObjectStore, expected: ReadonlyMap<string, Expected>): Promise<void> {
  const listed = await store.list({ prefix: "", limit: 10_000 })
  if (listed.kind !== "page") throw new Error(listed.detail)
  const keys = new Set(listed.objects.map(({ key }) => key))
  for (const key of keys) if (!expected.has(key)) throw new Error(`${key} is listed and nobody put it`)
  for (const [key, state] of expected) {
    const outcome = await store.get(key)
    if (outcome.kind === "unavailable") throw new Error(outcome.detail)
    const found = outcome.kind === "object" ? "present" : "absent"
    if (keys.has(key) !== (found === "present")) throw new Error(`${key} is ${found}, and listed otherwise`)
    if (state !== "either" && state !== found) throw new Error(`${key} is ${found}, but has to be ${state}`)
    if (outcome.kind === "object" && !Buffer.concat(partsOf(key)).equals(outcome.bytes)) {
      throw new Error(`${key} is not what was put`)
    }
  }
}

const contents = new Map<string, readonly Uint8Array[]>()

/** What is put under a key, told by the key: up to five sectors, in three parts. */
function partsOf(key: string): readonly Uint8Array[] {
  const made = contents.get(key) ?? madeFor(key)
  contents.set(key, made)
  return made
}

function madeFor(key: string): readonly Uint8Array[] {
  const seed = [...key].reduce((sum, character) => Math.imul(sum, 31) + character.charCodeAt(0), 7)
  const random = new Random(seed)
  return Array.from({ length: 3 }, () => Uint8Array.from({ length: random.below(900) }, () => random.below(256)))
}
