/** What the use cases of groups need of a process, made once for all its requests. */
import type { GroupDependencies } from "../../groups/dependencies.ts"
import { GroupChanges } from "../../groups/group-changes.ts"
import { subscribedTopics } from "../../groups/topics/subscribed-topics.ts"
import type { ConsumeDependencies } from "../dependencies.ts"

/** How long a process that is not alone remembers which topics are there, for groups: each look costs a read. */
const TOPICS_AGE_MS = 30_000

const FIRST_PAUSE_MS = 5
const LONGEST_PAUSE_MS = 500

/** What all requests of a process have to share, so that those that wait hear of the others. */
export type SharedByGroups = Pick<GroupDependencies, "changes" | "pause">

export function sharedByGroups(): SharedByGroups {
  return { changes: new GroupChanges(), pause }
}

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

/** Full jitter, so that those who met do not meet again. */
function pause(tries: number): Promise<void> {
  const milliseconds = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(tries, 10)) * Math.random()
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
