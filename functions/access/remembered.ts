/** Keys and lists from memory for a while, so that a busy process does not ask its storage for each request. */
import type { Clock } from "../log/ports.ts"
import type { AccessStore, BindingStore, BindingsOutcome, KeyStore, StoredKey } from "./ports.ts"

export interface RememberedOptions {
  /** So long after a change others may be let in or kept out by what was before, milliseconds. 0: never. */
  readonly ttlMs: number
  readonly clock: Clock
}

export type KnownAccess = Pick<KeyStore, "findKey"> & Pick<BindingStore, "bindings">

export interface RecallingAccess extends KnownAccess {
  /** A key as it is remembered. Undefined: `findKey` is to be asked, which asks the storage each time. */
  recall(id: string): StoredKey | undefined
}

export interface RememberedAccess extends RecallingAccess {
  /** From now on nothing is told that was read before. */
  forget(): void
}

/** Keys that are remembered at once. Those that are unknown are not: whoever guesses fills no memory. */
const MAX_KEYS = 1_000

interface Remembered<Outcome> {
  readonly outcome: Outcome
  /** Before the storage was asked. */
  readonly from: number
}

export function rememberedAccess(store: KnownAccess, { ttlMs, clock }: RememberedOptions): RememberedAccess {
  const keys = new Map<string, Remembered<StoredKey>>()
  let lists: Remembered<BindingsOutcome> | undefined
  let asking: Remembered<Promise<BindingsOutcome>> | undefined
  let changes = 0
  const fresh = <Outcome>(remembered: Remembered<Outcome> | undefined) => {
    if (remembered === undefined) return undefined
    const age = clock.now() - remembered.from
    // A clock that was set back would keep it for as long.
    return age >= 0 && age < ttlMs ? remembered.outcome : undefined
  }
  const askForLists = async (from: number) => {
    const before = changes
    const outcome = await store.bindings()
    if (outcome.kind === "bindings" && before === changes) lists = { outcome, from }
    return outcome
  }
  return {
    recall: (id) => fresh(keys.get(id)),
    findKey: async (id) => {
      const [from, before] = [clock.now(), changes]
      const outcome = await store.findKey(id)
      // What is remembered counts for as long as it may, whoever asks meanwhile what cannot be answered.
      if (outcome.kind !== "unavailable") keys.delete(id)
      if (outcome.kind === "found" && before === changes) {
        if (keys.size >= MAX_KEYS) keys.clear()
        keys.set(id, { outcome: outcome.key, from })
      }
      return outcome
    },
    bindings: async () => {
      const known = fresh(lists)
      if (known !== undefined) return known
      // Whoever joins a question gets lists as old as it is.
      const joined = fresh(asking)
      if (joined !== undefined) return joined
      const from = clock.now()
      const asked = { from, outcome: askForLists(from) }
      asking = asked
      try {
        return await asked.outcome
      } finally {
        if (asking === asked) asking = undefined
      }
    },
    forget: () => {
      changes += 1
      keys.clear()
      lists = undefined
      asking = undefined
    },
  }
}

/** The store, which has `remembered` forget whenever it may have changed: also where the outcome is not known. */
export function forgettingStore(store: AccessStore, { forget }: Pick<RememberedAccess, "forget">): AccessStore {
  const changing = async <Outcome>(change: () => Outcome | Promise<Outcome>): Promise<Outcome> => {
    try {
      return await change()
    } finally {
      forget()
    }
  }
  return {
    ...store,
    createKey: (key) => changing(() => store.createKey(key)),
    removeKey: (id) => changing(() => store.removeKey(id)),
    addBindings: (bindings) => changing(() => store.addBindings(bindings)),
    removeBindings: (bindings) => changing(() => store.removeBindings(bindings)),
  }
}
