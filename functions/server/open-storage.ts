/** What a server serves: a storage that is open, whichever it is. */
import type { ExchangeObserver } from "../http/api.ts"
import type { ApiDependencies } from "../http/dependencies.ts"
import type { Family } from "../http/metrics/exposition.ts"
import type { StoredAccess } from "./access/open-access.ts"

export interface OpenStorage {
  readonly deps: ApiDependencies
  readonly access: StoredAccess
  /** What only this storage can tell. */
  families(): readonly Family[]
  /** How often it may be asked for figures of topics and groups, milliseconds; absent: whenever somebody looks. */
  readonly figuresEveryMs?: number
  /** Where its log lines are to name the request that led to them. */
  readonly around?: NonNullable<ExchangeObserver["around"]>
  /** Makes durable what waits, and frees what it holds. */
  close(): Promise<void>
}
