/** What the functions may be told. */
import type { AccessSettings } from "../access.ts"
import type { EntryName } from "../entries.ts"
import type { StorageSettings } from "../storage.ts"

/** By the name of a function; those that a deployment does not have are passed over. */
export type ByFunction = Readonly<Partial<Record<EntryName, number>>>

export interface FunctionSettings extends AccessSettings, Pick<StorageSettings, "throwAway"> {
  /** What the functions run on. Default `arm64`, which costs a fifth less. */
  readonly architecture?: "arm64" | "x86_64" | undefined
  /** Memory of a function, MiB, from 128 to 10,240; CPU comes with it. Default 1,024 for each. The functions are `produce`, `fetch`, `poll`, `admin` and `upkeep`; behind a function URL `api` and `upkeep`. */
  readonly memory?: ByFunction | undefined
  /**
   * How many environments of a function there may be at once. They are kept for it alone: for `produce`, so that readers who
   * wait never take them; for `fetch` and `poll`, so that readers take no more. Each waiting reader needs one. Default: none is
   * kept, and all share the account's, as a small account has 10 in all and can keep none.
   */
  readonly reservedConcurrency?: ByFunction | undefined
  /**
   * `emf`: the functions tell CloudWatch their metrics (docs/metrics.md), in the namespace `Stratalog`, by lines in their logs.
   * Default `off`: some twenty metrics cost $0.30 a month each while there are requests, which is more than the log itself costs
   * where few come (docs/cost.md). What AWS counts by itself is there in any case.
   */
  readonly metrics?: "off" | "emf" | undefined
  /** How long the functions' logs are kept, days: 1, 3, 5, 7, 14, 30 (default), 60, 90, 120, 150, 180, 365, 400, 545, 731, ... */
  readonly logRetention?: number | undefined
}
