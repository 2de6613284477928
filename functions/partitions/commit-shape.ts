import type { Commit } from "./ports.ts"

/**
 * What one commit may name at most: an expression of DynamoDB holds 300 operators and 4 KB, and each of these is a condition
 * and a change.
 */
export const MAX_ADVANCED_PRODUCERS = 40
export const MAX_EVICTED_PRODUCERS = 60
export const MAX_DROPPED_ENTRIES = 250

/**
 * Throws a TypeError for a commit that no index may carry out, whatever the head: what its conditions have to include so
 * that nothing unseen is lost is said at the fields of `Commit`.
 */
export function checkCommitShape(commit: Commit): void {
  const problem = problemOf(commit)
  if (problem !== undefined) throw new TypeError(`No index may carry out this commit: ${problem}.`)
}

function problemOf(commit: Commit): string | undefined {
  return problemOfTail(commit) ?? problemOfProducers(commit)
}

function problemOfTail({ generation, nextGeneration, nextOffset, entry, tail }: Commit): string | undefined {
  const known = "exactly" in generation ? generation.exactly : generation.atMost
  if (nextGeneration !== undefined && nextGeneration <= known) return "its next generation is not past the condition"
  if (tail.kind === "replace" && nextOffset === undefined) return "it replaces a tail that may have grown"
  if (tail.kind === "replace" && nextGeneration === undefined) return "entries leave within a generation"
  if (tail.kind === "drop" && !("exactly" in generation)) return "it drops entries of a generation it does not name"
  if (tail.kind === "drop" && nextGeneration === undefined) return "entries leave within a generation"
  if (tail.kind === "drop" && tail.count > MAX_DROPPED_ENTRIES) return "it drops too many entries at once"
  if (entry === undefined && nextGeneration === undefined) return "it changes nothing"
  return undefined
}

function problemOfProducers({ generation, nextGeneration, producers, evict }: Commit): string | undefined {
  if (evict.length > 0 && nextGeneration === undefined) return "producers leave within a generation"
  if (producers.length > MAX_ADVANCED_PRODUCERS) return "it advances too many producers at once"
  if (evict.length > MAX_EVICTED_PRODUCERS) return "it evicts too many producers at once"
  const named = [...producers, ...evict].map(({ id }) => id)
  if (new Set(named).size < named.length) return "it names a producer twice"
  if (producers.some(({ evenIfSpilled }) => evenIfSpilled === true) && !("exactly" in generation)) {
    return "it relies on a spilled producer under a generation it does not name"
  }
  return undefined
}
