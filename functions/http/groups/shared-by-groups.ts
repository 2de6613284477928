/** What all requests of a process have to share that concern groups, so that those that wait hear of the others. */
import type { GroupDependencies } from "../../groups/dependencies.ts"
import { GroupChanges } from "../../groups/group-changes.ts"

export type SharedByGroups = Pick<GroupDependencies, "changes" | "pause">

export function sharedByGroups(): SharedByGroups {
  return { changes: new GroupChanges(), pause }
}

const FIRST_PAUSE_MS = 5
const LONGEST_PAUSE_MS = 500

/** Full jitter, so that those who met do not meet again. */
function pause(tries: number): Promise<void> {
  const milliseconds = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(tries, 10)) * Math.random()
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
