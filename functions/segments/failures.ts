/** Why a piece of upkeep did not get to its end. Everything it did so far holds, and a later run goes on from there. */
import type { Unavailable, UnknownPartition } from "../log/ports.ts"

export type CorruptPart = { readonly kind: "corrupt"; readonly where: string; readonly detail: string }

export type UpkeepFailure =
  | CorruptPart
  /** Another run changed what this one was about to change. */
  | { readonly kind: "overtaken"; readonly detail: string }
  /** The topic was deleted meanwhile. */
  | UnknownPartition
  | Unavailable
