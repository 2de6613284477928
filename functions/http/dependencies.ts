/** What the HTTP API works with. */
import type { GroupStore } from "../groups/ports.ts"
import type { LogDependencies } from "../log/dependencies.ts"
import type { Clock } from "../log/ports.ts"
import type { ProducerIds } from "../producers/ports.ts"
import type { UpkeepRecords } from "../segments/upkeep/records.ts"
import type { TopicIds } from "../topics/ports.ts"

export interface ApiDependencies extends LogDependencies {
  readonly topicIds: TopicIds
  readonly groups: GroupStore
  /** For sessions of group members. Where one process serves all of them, no change of the wall clock expels anybody. */
  readonly sessionClock: Clock
  readonly producers: ProducerIds
  readonly upkeepRecords: UpkeepRecords
  /** Shown by health and the OpenAPI document. */
  readonly version: string
  /** Whether appends can succeed now; otherwise why not. */
  readonly health: () =>
    | { readonly kind: "ok" }
    | { readonly kind: "not_ready"; readonly full: boolean; readonly detail: string }
}
