/** What the HTTP API works with: each concern with no more than its own, so that a function can do without the rest. */
import type { Limits } from "stratalog/protocol"
import type { BatchCodecs, ContentCodecs } from "stratalog/record-batch"
import type { AccessControl } from "../access/control.ts"
import type { GroupStore } from "../groups/ports.ts"
import type { AppendDependencies, ControlDependencies, FetchDependencies } from "../log/dependencies.ts"
import type { Clock, PartitionLog } from "../log/ports.ts"
import type { ProducerIds } from "../producers/ports.ts"
import type { UpkeepRecords } from "../segments/upkeep/records.ts"
import type { TopicIds } from "../topics/ports.ts"

/** Of whatever serves a part of the API. */
export interface ServiceDependencies {
  readonly limits: Limits
  /** For the bodies of requests. */
  readonly codecs: ContentCodecs
}

export interface ProduceDependencies extends AppendDependencies {
  readonly producers: ProducerIds
}

/** Of requests that meet others of their group. */
export interface GroupRequestDependencies {
  readonly groups: GroupStore
  readonly clock: Clock
  /** For sessions of group members. Where one process serves all of them, no change of the wall clock expels anybody. */
  readonly sessionClock: Clock
}

export interface ConsumeDependencies extends FetchDependencies, GroupRequestDependencies {}

export interface AdminDependencies extends ControlDependencies, GroupRequestDependencies, ServiceDependencies {
  readonly topicIds: TopicIds
  readonly upkeepRecords: UpkeepRecords
  /** Absent where nobody is asked who they are. */
  readonly access?: AccessControl
  /** Shown by health and the OpenAPI document. */
  readonly version: string
  /** Whether appends can succeed now, as far as this process can tell; otherwise why not. */
  readonly health: () =>
    | { readonly kind: "ok" }
    | { readonly kind: "not_ready"; readonly full: boolean; readonly detail: string }
}

/** Of a process that serves all of it. */
export interface ApiDependencies extends ProduceDependencies, ConsumeDependencies, AdminDependencies {
  readonly log: PartitionLog
  readonly codecs: BatchCodecs
}
