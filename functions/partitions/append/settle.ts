/**
 * What became of an attempt whose answer was lost. Never guessed: either it is found, or it is made sure that it can never
 * land, or the caller hears that nobody can tell.
 */
import type { PartitionRef } from "../../log/ports.ts"
import { backOff } from "../backoff.ts"
import type { AppendDeps } from "../dependencies.ts"
import { endOf, entryWithId, type PlacedEntry, tailEntries, withOffsets } from "../head.ts"
import { type Commit, type Head, tailBase } from "../ports.ts"

export interface LostAttempt {
  readonly entryId: string
  /** The greatest generation under which it may still land. */
  readonly maxGeneration: number
  /** The tail's base in a head that was read before it was sent: it lies at or above, wherever it lies. */
  readonly fromBase: number
}

export type Settled =
  | { readonly kind: "found"; readonly entry: PlacedEntry; readonly head: Head }
  /** It did not land and never will. */
  | { readonly kind: "absent"; readonly head: Head }
  | { readonly kind: "unknown_partition" }
  /** The index did not answer, or what the attempt may have become is tiered away. */
  | { readonly kind: "unknown"; readonly head: Head | undefined }

const TRIES = 8

/** `until`: when no further try is begun, epoch milliseconds; an index that is not there lets each of them time out. */
export async function settle(
  deps: AppendDeps,
  partition: PartitionRef,
  lost: LostAttempt,
  until: number,
): Promise<Settled> {
  let last: Head | undefined
  for (let tries = 0; tries < TRIES; tries += 1) {
    if (tries > 0) {
      if (deps.clock.now() > until) break
      await backOff(deps, tries)
    }
    const dead = await outrun(deps, partition, lost)
    if (dead.kind === "unknown_partition") return dead
    if (dead.kind === "again") continue
    const { head } = dead
    last = head
    const inTail = entryWithId(tailEntries(head), lost.entryId)
    if (inTail !== undefined) return { kind: "found", entry: inTail, head }
    if (head.tieredTo > lost.fromBase) return { kind: "unknown", head }
    const search = await searchPages(deps, partition, lost, head)
    if (search.kind === "found") return { ...search, head }
    if (search.kind === "absent") return { kind: "absent", head }
  }
  return { kind: "unknown", head: last }
}

type Outrun =
  | { readonly kind: "head"; readonly head: Head }
  | { readonly kind: "unknown_partition" }
  | { readonly kind: "again" }

/** A head under which the lost attempt can land no more, or that has it in its tail. */
async function outrun(deps: AppendDeps, partition: PartitionRef, lost: LostAttempt): Promise<Outrun> {
  const read = await deps.index.head(partition)
  if (read.kind === "unknown_partition") return read
  if (read.kind === "unavailable") return { kind: "again" }
  const { head } = read
  const landed = entryWithId(tailEntries(head), lost.entryId) !== undefined
  if (landed || head.generation > lost.maxGeneration) return { kind: "head", head }
  const fenced = await deps.index.commit(partition, fence(head, lost.maxGeneration))
  if (fenced.kind === "committed") return { kind: "head", head: fenced.head }
  return fenced.kind === "unknown_partition" ? fenced : { kind: "again" }
}

/** Changes nothing but the generation. */
function fence({ generation }: Head, maxGeneration: number): Commit {
  return {
    generation: { exactly: generation },
    nextGeneration: maxGeneration + 1,
    tail: { kind: "drop", count: 0, bytes: 0 },
    producers: [],
    evict: [],
  }
}

type Search =
  | { readonly kind: "found"; readonly entry: PlacedEntry }
  | { readonly kind: "absent" }
  | { readonly kind: "again" }

const PAGE_BYTES = 1024 * 1024

/** From the base that was known up to the tail: a gap says that the log moved on meanwhile. */
async function searchPages(
  { index }: AppendDeps,
  partition: PartitionRef,
  lost: LostAttempt,
  head: Head,
): Promise<Search> {
  const end = tailBase(head)
  let covered = lost.fromBase
  while (covered < end) {
    const read = await index.pagesAfter(partition, covered, PAGE_BYTES)
    if (read.kind === "unavailable") return { kind: "again" }
    const before = covered
    for (const page of read.pages) {
      if (page.baseOffset > covered) return { kind: "again" }
      const entry = entryWithId(withOffsets(page.entries, page.baseOffset), lost.entryId)
      if (entry !== undefined && endOf(entry) <= end) return { kind: "found", entry }
      covered = Math.max(covered, page.endOffset)
    }
    if (covered === before) return { kind: "again" }
  }
  return { kind: "absent" }
}
