import type { Screen } from "./screen.ts"
import type { Service } from "./server.ts"
import type { Settings } from "./settings.ts"

/** What every role works with. */
export interface Context {
  readonly service: Service
  readonly settings: Settings
  readonly apiKey: string | undefined
  readonly screen: Screen
  /** Aborted by Ctrl-C. */
  readonly stop: AbortController
}
