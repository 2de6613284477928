/** What the use cases of groups work with, in memory: every request to the group store can be hit by a fault. */
import { limits } from "stratalog/protocol"
import { nativeCodecs } from "../../functions/codecs/native-codecs.ts"
import type { GroupDependencies } from "../../functions/groups/dependencies.ts"
import { GroupChanges } from "../../functions/groups/group-changes.ts"
import type { HeartbeatResult } from "../../functions/groups/heartbeat/heartbeat.ts"
import { subscribedTopics } from "../../functions/groups/topics/subscribed-topics.ts"
import type { PartitionLog } from "../../functions/log/ports.ts"
import { createTopic } from "../../functions/topics/create/create-topic.ts"
import type { TopicStore } from "../../functions/topics/ports.ts"
import { createMemoryGroupStore, type MemoryGroupStore } from "./memory-group-store.ts"
import { openTemporaryStorage, type TemporaryStorage } from "./temporary-storage.ts"

export interface GroupsUnderTest extends GroupDependencies {
  readonly log: PartitionLog
  readonly storage: TemporaryStorage
  readonly groups: MemoryGroupStore
  /** How often topics were looked up. */
  readonly looks: () => number
  /** Gives its id. */
  createTopic(name: string, partitions: number): Promise<string>
}

export interface GroupsUnderTestOptions {
  readonly hearsAll?: boolean
  /** How long topics are remembered, milliseconds. */
  readonly maxAgeMs?: number
}

export function openGroups({ hearsAll = true, maxAgeMs = 0 }: GroupsUnderTestOptions = {}): GroupsUnderTest {
  const storage = openTemporaryStorage()
  const { clock, log } = storage
  let looks = 0
  const topics: TopicStore = {
    ...storage.topics,
    get: (name) => {
      looks++
      return storage.topics.get(name)
    },
  }
  return {
    storage,
    groups: createMemoryGroupStore(),
    log,
    topics,
    clock,
    sessionClock: clock,
    codecs: nativeCodecs(),
    limits,
    subscribed: subscribedTopics({ topics, clock, maxAgeMs }),
    changes: new GroupChanges(),
    hearsAll,
    pause: async () => {},
    looks: () => looks,
    createTopic: async (name, partitions) => {
      const result = await createTopic(storage, { name, partitions, config: {} })
      if (result.kind !== "created") throw new Error(result.kind)
      return result.topic.id
    },
  }
}

/** `topic/partition` of what the member may read. */
export function assigned(result: HeartbeatResult): string[] {
  if (result.kind !== "member") throw new Error(result.kind)
  return result.answer.assignment.flatMap(({ topic, partitions }) => partitions.map((each) => `${topic}/${each}`))
}
