/** Keys and lists from memory for a while, so that a busy process does not ask its storage for each request. */
import type { Awaitable, Clock } from "../log/ports.ts"
import type { BindingStore, BindingsOutcome, FindKeyOutcome, KeyStore } from "./ports.ts"

export interface RememberedOptions {
  /** So long after a change others may be let in or kept out by what was before, milliseconds. 0: never. */
  readonly ttlMs: number
  readonly clock: Clock
}

export type KnownAccess = Pick<KeyStore, "findKey"> & Pick<BindingStore, "bindings">

/** Keys that are remembered at once. Those that are unknown are not: whoever guesses fills no memory. */
const MAX_KEYS = 1_000

interface Remembered<Outcome> {
  readonly outcome: Outcome
  readonly until: number
}

export function rememberedAccess(store: KnownAccess, { ttlMs, clock }: RememberedOptions): KnownAccess {
  const keys = new Map<string, Remembered<FindKeyOutcome>>()
  let lists: Remembered<BindingsOutcome> | undefined
  let asking: Awaitable<BindingsOutcome> | undefined
  const fresh = <Outcome>(remembered: Remembered<Outcome> | undefined) =>
    remembered !== undefined && clock.now() < remembered.until ? remembered.outcome : undefined
  const askForLists = async () => {
    const until = clock.now() + ttlMs
    const outcome = await store.bindings()
    if (outcome.kind === "bindings") lists = { outcome, until }
    return outcome
  }
  return {
    findKey: async (id) => {
      const known = fresh(keys.get(id))
      if (known !== undefined) return known
      const until = clock.now() + ttlMs
      const outcome = await store.findKey(id)
      keys.delete(id)
      if (outcome.kind === "found") {
        if (keys.size >= MAX_KEYS) keys.clear()
        keys.set(id, { outcome, until })
      }
      return outcome
    },
    bindings: async () => {
      const known = fresh(lists)
      if (known !== undefined) return known
      asking ??= askForLists().finally(() => {
        asking = undefined
      })
      return asking
    },
  }
}
