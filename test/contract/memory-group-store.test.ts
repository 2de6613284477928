// The fake that other tests stand on keeps the port's promises too.
import { createMemoryGroupStore } from "../fakes/memory-group-store.ts"
import { describeFencedCommits } from "./fenced-commits.ts"
import { describeGroupClaims } from "./group-claims.ts"
import { describeGroupMembers } from "./group-members.ts"
import { describeGroupOffsets } from "./group-offsets.ts"

async function makeSubject() {
  const store = createMemoryGroupStore()
  return { store, reopen: async () => store, dispose: async () => undefined }
}

describeGroupOffsets("in memory", makeSubject)
describeGroupClaims("in memory", makeSubject)
describeFencedCommits("in memory", makeSubject)
describeGroupMembers("in memory", makeSubject)
