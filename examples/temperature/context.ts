import type { Screen } from "../program/screen.ts"
import type { Run } from "../program/start.ts"
import type { Settings } from "./settings.ts"

/** What every role works with. */
export interface Context extends Run<Settings> {
  readonly apiKey: string | undefined
  readonly screen: Screen
}
