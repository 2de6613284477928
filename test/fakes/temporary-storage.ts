/** Everything that the use cases of topics, groups and producers ask for: SQLite in a temporary folder, the log in memory. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { encodeBatch, portableCrc32c } from "stratalog/record-batch"
import type { Clock, PartitionLog } from "../../functions/log/ports.ts"
import { openSqliteStores, type SqliteStores } from "../../functions/storage/embedded/sqlite/index.ts"
import type { TopicIds } from "../../functions/topics/ports.ts"
import { createMemoryPartitionLog } from "./memory-partition-log.ts"

export interface TemporaryStorage extends SqliteStores {
  readonly log: PartitionLog
  readonly ids: TopicIds
  /** Stands still; tests set it. `sessionClock` is the same. */
  readonly clock: Clock & { time: number }
  dispose(): void
}

export function openTemporaryStorage(): TemporaryStorage {
  const directory = mkdtempSync(join(tmpdir(), "stratalog-storage-"))
  const clock = { time: 1_763_600_000_000, now: () => clock.time }
  const time = { wall: clock.now, monotonic: () => 0 }
  const stores = openSqliteStores({ path: join(directory, "index.db"), time })
  let given = 0
  return {
    ...stores,
    sessionClock: clock,
    log: createMemoryPartitionLog(),
    ids: {
      next: () => {
        given += 1
        return `00000000-0000-4000-8000-${given.toString().padStart(12, "0")}`
      },
    },
    clock,
    dispose: () => {
      stores.close()
      rmSync(directory, { recursive: true })
    },
  }
}

/** Appends one batch of this many records. */
export async function appendRecords(
  log: PartitionLog,
  topicId: string,
  partition: number,
  count: number,
): Promise<void> {
  const records = Array.from({ length: count }, () => ({ timestamp: 0, key: null, value: null, headers: [] }))
  const batch = encodeBatch({ records }, portableCrc32c)
  const [outcome] = await log.append({ topicId, partition }, [{ batch, recordCount: count, maxTimestamp: 0 }])
  if (outcome?.kind !== "appended") throw new Error(`not appended: ${outcome?.kind}`)
}
