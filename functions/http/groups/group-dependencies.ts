/** What the use cases of groups need of a process, made once for all its requests. */
import type { GroupDependencies } from "../../groups/dependencies.ts"
import { subscribedTopics } from "../../groups/topics/subscribed-topics.ts"
import type { ConsumeDependencies } from "../dependencies.ts"
import type { SharedByGroups } from "./shared-by-groups.ts"

/** How long a process that is not alone remembers which topics are there, for groups: each look costs a read. */
const TOPICS_AGE_MS = 30_000

export function groupDependencies(deps: ConsumeDependencies, shared: SharedByGroups): GroupDependencies {
  const { groups, log, topics, clock, sessionClock, codecs, limits } = deps
  const isAlone = limits.configDelayMs === 0
  return {
    groups,
    log,
    topics,
    clock,
    sessionClock,
    codecs,
    limits,
    subscribed: subscribedTopics({ topics, clock, maxAgeMs: isAlone ? 0 : TOPICS_AGE_MS }),
    hearsAll: isAlone,
    ...shared,
  }
}
