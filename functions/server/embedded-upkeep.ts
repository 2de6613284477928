/** Upkeep of the embedded log: the same use cases as elsewhere, over the journal, SQLite and files. */
import { randomUUID } from "node:crypto"
import { effectiveConfig } from "stratalog/protocol"
import type { BatchCodecs } from "stratalog/record-batch"
import { keyHash } from "../codecs/key-hash.ts"
import type { Clock } from "../log/ports.ts"
import { type UpkeepSettings, upkeepDefaults } from "../segments/dependencies.ts"
import { allTopics } from "../segments/upkeep/all-topics.ts"
import { type UpkeepCursor, type UpkeepRun, upkeepAll } from "../segments/upkeep/upkeep-all.ts"
import type { UpkeepOptions } from "../segments/upkeep/upkeep-partition.ts"
import type { SqliteStores } from "../storage/embedded/sqlite/index.ts"
import type { OpenTiering } from "../storage/embedded/tiering/index.ts"
import type { TopicStore } from "../topics/ports.ts"

/** As many partitions as there is time for, from the cursor on. Never two at once. */
export type EmbeddedUpkeep = (options: UpkeepOptions, cursor?: UpkeepCursor) => Promise<UpkeepRun>

export interface EmbeddedUpkeepParts {
  readonly tiering: OpenTiering
  readonly stores: Pick<SqliteStores, "segments" | "topics">
  readonly codecs: BatchCodecs
  readonly clock: Clock
  readonly settings?: Partial<UpkeepSettings>
}

const MINUTE_MS = 60_000

/**
 * An append is over when it is answered and nothing lands late, so what may leave the journal may leave it at once, and
 * objects that nobody names are in nobody's way but that of a reader, who looks again.
 */
const SETTINGS: UpkeepSettings = {
  ...upkeepDefaults,
  minTierAgeMs: 0,
  maxTierAgeMs: 5 * MINUTE_MS,
  graceMs: MINUTE_MS,
}

export function embeddedUpkeep({ tiering, stores, codecs, clock, settings }: EmbeddedUpkeepParts): EmbeddedUpkeep {
  const { log, objects } = tiering
  return async (options, cursor) => {
    const compacted = await compactedTopics(stores.topics)
    const deps = {
      objects,
      index: stores.segments,
      recent: tiering.recent((topicId) => compacted.has(topicId)),
      log,
      codecs,
      keyHash,
      uniqueName: randomUUID,
      clock,
      settings: { ...SETTINGS, ...settings },
    }
    return upkeepAll(deps, stores.topics, options, cursor)
  }
}

async function compactedTopics(topics: Pick<TopicStore, "list">): Promise<ReadonlySet<string>> {
  const ids = new Set<string>()
  for await (const { id, config } of allTopics(topics)) {
    if (effectiveConfig(config)["cleanup.policy"].includes("compact")) ids.add(id)
  }
  return ids
}
