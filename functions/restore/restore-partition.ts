/** Brings back the objects that one partition's index refers to, and says what cannot be had. Safe to repeat. */
import type { Crc32c } from "stratalog/record-batch"
import type { PartitionRef, Unavailable, UnknownPartition } from "../log/ports.ts"
import { objectPrefix } from "../partitions/place/place.ts"
import type { ObjectStore } from "../segments/ports.ts"
import { partitionPrefix } from "../segments/segment/object-key.ts"
import { wrongBytes } from "./check-bytes.ts"
import { decideObject, type ObjectDecision } from "./decide.ts"
import { type Index, readIndex } from "./indexed.ts"
import type { Loss, NamedObject, ObjectHistories, ObjectHistory } from "./ports.ts"

export interface RestoreDependencies extends Index {
  readonly histories: ObjectHistories
  /** Where the objects are wanted. */
  readonly objects: Pick<ObjectStore, "get" | "list">
  /** Whether that is the bucket of the histories. */
  readonly isSameBucket: boolean
  readonly crc32c: Crc32c
}

export interface RestoreOptions {
  /** Looks at everything and changes nothing. */
  readonly dryRun: boolean
  /** Which objects are read and compared with their checksums: those that were brought back, or all. */
  readonly read: "brought-back" | "all"
}

export interface RestoredPartition {
  readonly kind: "restored"
  /** Objects that the index refers to, and their bytes. */
  readonly objects: number
  readonly bytes: number
  /** Of these: there already, and brought back (with a dry run: would be). */
  readonly present: number
  readonly broughtBack: number
  /** Read and found right. */
  readonly checked: number
  readonly losses: readonly Loss[]
}

type Decided = { readonly object: NamedObject; readonly decision: ObjectDecision }

/** Objects that are worked at at once. */
const AT_ONCE = 16

export async function restorePartition(
  deps: RestoreDependencies,
  partition: PartitionRef,
  options: RestoreOptions,
): Promise<RestoredPartition | UnknownPartition | Unavailable> {
  const indexed = await readIndex(deps, partition)
  if (indexed.kind !== "indexed") return indexed
  const decided = await decideAll(deps, partition, indexed.objects)
  if (!Array.isArray(decided)) return decided
  const losses: Loss[] = [...indexed.losses]
  let checked = 0
  for (let at = 0; at < decided.length; at += AT_ONCE) {
    const some = decided.slice(at, at + AT_ONCE)
    const outcomes = await Promise.all(some.map((each) => bringBack(deps, each, options)))
    for (const [place, outcome] of outcomes.entries()) {
      if (outcome.kind === "unavailable") return outcome
      if (outcome.kind === "checked") checked += 1
      const object = some[place]?.object
      if (outcome.kind === "loss" && object !== undefined) losses.push(lossOf(partition, object, outcome))
    }
  }
  const count = (kinds: readonly string[]) => decided.filter(({ decision }) => kinds.includes(decision.kind)).length
  return {
    kind: "restored",
    objects: decided.length,
    bytes: decided.reduce((sum, { object }) => sum + object.bytes, 0),
    present: count(["present"]),
    broughtBack: count(["unmark", "copy"]),
    checked,
    losses,
  }
}

async function decideAll(
  deps: RestoreDependencies,
  partition: PartitionRef,
  objects: readonly NamedObject[],
): Promise<Decided[] | Unavailable> {
  const decided: Decided[] = []
  for (const prefix of [partitionPrefix(partition), objectPrefix(partition)]) {
    const named = objects.filter(({ key }) => key.startsWith(prefix))
    if (named.length === 0) continue
    const present = await sizesOf(deps.objects, prefix)
    if ("kind" in present) return present
    const isWhole = named.every(({ key, bytes }) => present.get(key) === bytes)
    const found = isWhole ? NO_HISTORIES : await deps.histories.list(prefix)
    if (found.kind === "unavailable") return found
    for (const object of named) {
      const { key } = object
      const decision = decideObject(object, present.get(key), found.byKey.get(key), deps.isSameBucket)
      // Readers find its records elsewhere; it would be removed by the next merge or sweep.
      if (decision.kind !== "lost" || !object.isCovered) decided.push({ object, decision })
    }
  }
  return decided
}

const NO_HISTORIES = { kind: "histories", byKey: new Map<string, ObjectHistory>() } as const

const LIST_KEYS = 1_000

async function sizesOf(objects: Pick<ObjectStore, "list">, prefix: string): Promise<Map<string, number> | Unavailable> {
  const sizes = new Map<string, number>()
  for (let after: string | undefined; ; ) {
    const page = await objects.list({ prefix, limit: LIST_KEYS, ...(after !== undefined && { after }) })
    if (page.kind !== "page") return page
    for (const { key, size } of page.objects) sizes.set(key, size)
    if (page.next === undefined) return sizes
    after = page.next
  }
}

type ObjectOutcome =
  | { readonly kind: "checked" | "unchecked" }
  | { readonly kind: "loss"; readonly what: "object" | "damaged"; readonly detail: string }
  | Unavailable

async function bringBack(
  deps: RestoreDependencies,
  { object, decision }: Decided,
  { dryRun, read }: RestoreOptions,
): Promise<ObjectOutcome> {
  const { histories } = deps
  switch (decision.kind) {
    case "lost":
      return { kind: "loss", what: "object", detail: decision.detail }
    case "present":
      return read === "all" ? check(deps, object) : UNCHECKED
    default: {
      if (dryRun) return UNCHECKED
      const done =
        decision.kind === "unmark"
          ? await histories.removeMarkers(object.key, decision.markers)
          : await histories.copy(object.key, decision.version)
      return done.kind === "unavailable" ? done : check(deps, object)
    }
  }
}

const UNCHECKED = { kind: "unchecked" } as const

async function check({ objects, crc32c }: RestoreDependencies, object: NamedObject): Promise<ObjectOutcome> {
  const found = await objects.get(object.key)
  if (found.kind === "unavailable") return found
  if (found.kind === "missing") {
    return { kind: "loss", what: "object", detail: `${object.key} is gone again: something still deletes objects` }
  }
  const wrong = wrongBytes(object, found.bytes, crc32c)
  return wrong === undefined ? { kind: "checked" } : { kind: "loss", what: "damaged", detail: wrong }
}

function lossOf(
  partition: PartitionRef,
  { from, to }: NamedObject,
  { what, detail }: Pick<Loss, "what" | "detail">,
): Loss {
  return { partition, what, from, to, detail }
}
